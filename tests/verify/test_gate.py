"""The gate lets nothing through that is not as it should be, and is seen to refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from handouts.library.jobs import Job, Made
from handouts.library.manifest import entry_of
from handouts.library.plan import Choice, plan
from handouts.page.approval import Approval
from handouts.sources.load import Sources
from handouts.verify import pixels, typography
from handouts.verify.drawn import Glyph
from handouts.verify.extractors import EXTRACTORS
from handouts.verify.gate import Verdict, examine
from handouts.verify.tags import NUMBERED, Outline, Tag
from tests.conftest import OTHERS, Project, named, our_look


def test_everything_that_ships_passes(built: Path, project: Project) -> None:
    """Every file of every locale and layout: words, standards, numbers, sizes, lines, edges, links, pixels."""
    ran = project.run("verify", str(built))
    assert ran.code == 0, ran.err
    rows = [line.split("\t") for line in ran.out.splitlines() if ".pdf\t" in line]
    assert len(rows) == 34
    assert ran.out.splitlines()[-1].startswith("70 of 70 files are as they should be")
    heads = next(line.split("\t") for line in ran.out.splitlines() if line.startswith("file\t"))
    for figures in (dict(zip(heads, row, strict=True)) for row in rows):
        assert (figures["UA-1, A-2a"], figures["outloud"], figures["problems"]) == ("0", "0", "0")
        counts = {figures[name] for name in ("poppler", "pdfium", "MuPDF")}
        assert len(counts) == 1
        assert len(set(counts.pop().split("/"))) == 1


def test_the_other_locales_pass(examples: Path) -> None:
    """The first handout in every locale that is not of the spread goes through the same gate."""
    ran = Project(examples).run("verify", *named(OTHERS))
    assert ran.code == 0, ran.err
    assert f"{len(OTHERS)} of {len(OTHERS)} files are as they should be" in ran.out


def test_the_figures_can_be_had_as_json(project: Project) -> None:
    """A script gets what a person reads."""
    want = ("--locale", "en", "--handout", "about-ipt", "--format", "pdf", "--layout", "standard")
    assert project.run(*want).code == 0
    (verdict,) = json.loads(project.run("verify", "--json").out)["verdicts"]
    assert (verdict["file"], verdict["problems"]) == ("en/about-ipt.pdf", [])
    assert verdict["pt"] == "12.0"


def judge(sources: Sources, path: Path, file: str = "en/about-ipt.pdf", sha256: str = "") -> Verdict:
    """Return the verdict on a PDF in the place of one that was built."""
    tag, _, name = file.partition("/")
    layout = "standard" if name.count(".") == 1 else name.split(".")[1]
    choice = Choice(locales=(tag,), handouts=("about-ipt",), formats=("pdf",), layouts=(layout,))  # type: ignore[arg-type]
    (page,) = plan(Approval(sources, our_look()), choice)
    data = path.read_bytes() if path.exists() else b""
    entry = entry_of(Made(Job(page, "", ""), data))
    entry = replace(entry, sha256=sha256 or entry.sha256)
    return examine(path, entry, page, our_look())


def test_a_good_file_passes(built: Path, sources: Sources) -> None:
    """What every test below spoils is good before it is spoilt."""
    assert judge(sources, built / "en/about-ipt.pdf").problems == []


def test_a_lost_a_changed_and_a_garbled_file_are_told(built: Path, sources: Sources, tmp_path: Path) -> None:
    """The file must be there, be the one that was made, and be a PDF."""
    (lost,) = judge(sources, tmp_path / "lost.pdf").problems
    assert "the file is missing" in lost.what
    (changed,) = judge(sources, built / "en/about-ipt.pdf", sha256="0").problems
    assert "its checksum differs" in changed.what
    (tmp_path / "garbled.pdf").write_bytes(b"%PDF-1.7 no")
    (garbled,) = judge(sources, tmp_path / "garbled.pdf").problems
    assert "it cannot be read" in garbled.what


Spoil = Callable[[pikepdf.Pdf], None]


def _text_of(old: bytes, new: bytes) -> Spoil:
    """Return what replaces text in the tables from codes to letters."""

    def spoil(pdf: pikepdf.Pdf) -> None:
        for font in pdf.pages[0].Resources.Font.values():
            table = font.ToUnicode.read_bytes()
            font.ToUnicode.write(table.replace(b"<%s>\n" % old, b"<%s>\n" % new))

    return spoil


def _drop(name: str) -> Spoil:
    def spoil(pdf: pikepdf.Pdf) -> None:
        del pdf.Root[f"/{name}"]

    return spoil


def _swap_pieces(pdf: pikepdf.Pdf) -> None:
    """Paint the second piece of the first page before the first."""
    content = pdf.pages[0].Contents.read_bytes()
    pieces = content.split(b"EMC")
    at = next(n for n, piece in enumerate(pieces) if b"/MCID 2 " in piece or b"/MCID 2>" in piece)
    pieces[at], pieces[at + 1] = b"\n" + pieces[at + 1], pieces[at]
    pdf.pages[0].Contents.write(b"EMC".join(pieces))


def _rename(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Title"] = "Untitled"


def _other_language(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Lang = pikepdf.String("fr")


def _nameless_link(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Annots[0].Contents = pikepdf.String(" ")


def _dead_link(pdf: pikepdf.Pdf) -> None:
    for link in pdf.pages[0].Annots:
        for holder in (link, link.get("/A", {})):
            for key in ("/Dest", "/D"):
                if key in holder:
                    holder[key] = pikepdf.String("nowhere")


def _file_name_for_a_picture(pdf: pikepdf.Pdf) -> None:
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure":
            thing.Alt = pikepdf.String("image1.png")


def _unsafe_link(pdf: pikepdf.Pdf) -> None:
    next(
        link for page in pdf.pages for link in page.Annots if "/URI" in link.get("/A", {})
    ).A.URI = pikepdf.String("http://example.org")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_text_of(b"0049", b"006c"), "does not find words"),
        (_text_of(b"0049", b"0049200b"), "finds characters that are not in the text: “U+200B”"),
        (_drop("MarkInfo"), "it breaks a rule of a standard: “PDF/UA-1"),
        (_drop("OutputIntents"), "it breaks a rule of a standard: “PDF/A-2a"),
        (_file_name_for_a_picture, "a screen reader would stumble"),
        (_swap_pieces, "painted in another order than it is read aloud: “page 1”"),
        (_rename, "it shows another title: “Untitled”"),
        (_other_language, "it says it is in another language: “fr”"),
        (_nameless_link, "a link has no name or leads nowhere"),
        (_dead_link, "a link has no name or leads nowhere: “nowhere”"),
        (_unsafe_link, "a link has no name or leads nowhere: “http://example.org”"),
    ],
)
def test_one_fault_in_a_good_file_is_named(
    built: Path, sources: Sources, tmp_path: Path, spoil: Spoil, says: str
) -> None:
    """A PDF with one fault put in is refused, with what is wrong."""
    with pikepdf.open(built / "en/about-ipt.pdf") as pdf:
        spoil(pdf)
        pdf.save(tmp_path / "spoilt.pdf")
    problems = judge(sources, tmp_path / "spoilt.pdf").problems
    assert [p for p in problems if says in p.what], problems


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "print.css",
            ".foot { position",
            ".foot { font-size: 9pt; position",
            "type is smaller than 12 points",
        ),
        (
            "print.css",
            ".hang { width: 32.5mm",
            ".hang { width: 120mm",
            "lines have other than 45 to 75 characters",
        ),
        (
            "print.css",
            ".lead { color",
            ".lead { margin-inline-start: -30mm; color",
            "text runs out of the type area",
        ),
        (
            "print.css",
            ".subtitle, .english-title {",
            ".subtitle { margin-block-start: -9mm } .x {",
            "text stands over",
        ),
        (
            "print.css",
            ".summary { background",
            ".band { padding-block-start: 9mm } .summary { background",
            "stands over",
        ),
        ("print.html", '{{ say(words["draft"]) }}', "", "the header or footer is not whole: “page 1”"),
    ],
)
def test_a_page_that_is_set_badly_is_refused(
    project: Project, sources: Sources, file: str, old: str, new: str, says: str
) -> None:
    """A change of a template that makes a page hard to read does not get through."""
    project.edit(f"templates/{file}", old, new)
    want = ("--locale", "en", "--handout", "about-ipt", "--format", "pdf", "--layout", "standard")
    assert project.run(*want).code == 0
    where = project if file == "print.css" else None
    if where:
        ran = project.run("verify")
        assert ran.code == 1
        assert says in ran.err
    else:
        problems = judge(sources, project.root / "dist/en/about-ipt.pdf").problems
        assert [p for p in problems if says in p.what]


def test_words_out_of_order_are_refused(
    built: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that finds every word, and half of them in the wrong place, does not satisfy."""
    plain = EXTRACTORS["pdfium"]
    monkeypatch.setitem(EXTRACTORS, "pdfium", lambda path: plain(path)[::-1])
    (problem,) = judge(sources, built / "en/about-ipt.pdf").problems
    assert "pdfium finds words out of order" in problem.what


def test_a_number_that_turned_round_is_refused(built: Path, sources: Sources, tmp_path: Path) -> None:
    """A phone number that is drawn in another order does not get through, whatever its text says."""
    with pikepdf.open(built / "en/about-ipt.pdf") as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            table = font.ToUnicode.read_bytes()
            font.ToUnicode.write(
                table.replace(b"<0034>", b"<xxxx>")
                .replace(b"<0033>", b"<0034>")
                .replace(b"<xxxx>", b"<0033>")
            )
        pdf.save(tmp_path / "turned.pdf")
    problems = judge(sources, tmp_path / "turned.pdf").problems
    assert [p for p in problems if "a number is not drawn whole and in its order: “13 11 14”" in p.what]


def test_a_number_inside_another_is_not_that_number() -> None:
    """911 in a longer number is no 911, and one good drawing does not make up for a bad one."""
    assert list(typography.split_numbers({"911": 1}, ["doi:10.15091141", "call911now"])) == []
    assert list(typography.split_numbers({"911": 1}, ["doi:10.15091141", "19112"])) == ["911"]
    assert list(typography.split_numbers({"13 11 14": 2}, ["131114 000", "141113"])) == ["13 11 14"]


def letter(page: int, line: float, left: float, mark: int = 0, character: str = "x") -> Glyph:
    """Return a letter of 12 points, 6 wide."""
    return Glyph(page, character, left, line, left + 6, line + 8, line, 12.0, mark)


def outline_of(*tags: Tag) -> Outline:
    """Return an outline with two pages of A4."""
    area = (40.0, 40.0, 550.0, 800.0)
    return Outline(
        "",
        "",
        shows_title=True,
        tags=tags,
        links=(),
        areas=(area, area),
        sheets=(area, area),
        order=(),
        painted=(),
    )


PARAGRAPH = Tag(("Document", "P"), "en", ((0, 0), (1, 0)))
HEADING = Tag(("Document", "H2"), "en", ((0, 1),))


def test_a_line_alone_on_a_page_is_seen() -> None:
    """Three lines here and one there is a widow; two and two is not."""
    for first, second, wrong in ((3, 1, 1), (1, 3, 1), (2, 2, 0)):
        found = [letter(0, 100 - 14 * n, 50) for n in range(first)]
        found += [letter(1, 790 - 14 * n, 50) for n in range(second)]
        outline = outline_of(PARAGRAPH)
        assert len(typography.lonely_lines(typography.lines(found, outline), outline)) == wrong


def test_a_heading_at_the_foot_of_a_page_is_seen() -> None:
    """A heading whose text begins on the next page is stranded; one with a line below it is not."""
    outline = outline_of(HEADING, PARAGRAPH)
    stranded = [letter(0, 60, 50, mark=1), letter(1, 790, 50), letter(1, 776, 50)]
    assert typography.stranded_headings(typography.lines(stranded, outline), outline) == ["x"]
    good = [letter(0, 80, 50, mark=1), letter(0, 60, 50), letter(1, 790, 50)]
    assert typography.stranded_headings(typography.lines(good, outline), outline) == []


def test_a_line_is_as_long_as_its_letters_and_the_gaps_between_words() -> None:
    """Marks on letters are no letters; a list of works is not running text; wide letters count by themselves."""
    row = [letter(0, 100, 50 + 7 * n) for n in range(5)] + [letter(0, 100, 95 + 7 * n) for n in range(5)]
    found = [*row, letter(0, 100, 50, character="\u0301"), letter(0, 86, 50)]
    outline = outline_of(PARAGRAPH)
    assert typography.lengths(typography.lines(found, outline), outline, wide=False) == [11]
    works = outline_of(replace(PARAGRAPH, roles=("Document", NUMBERED, "LI", "LBody", "P")))
    assert typography.lengths(typography.lines(found, works), works, wide=False) == []
    wide = [replace(letter(0, 100, 50 + 12 * n), right=50 + 12 * n + 11) for n in range(5)]
    outline = outline_of(PARAGRAPH)
    assert typography.lengths(typography.lines([*wide, letter(0, 86, 50)], outline), outline, wide=True) == [
        5
    ]


def test_a_lost_letter_is_seen_in_the_pixels() -> None:
    """A letter that one program draws and the other does not shows; a hair's difference of smoothing does not."""
    blank = Image.new("L", (200, 200), 255)
    letter_there = blank.copy()
    letter_there.paste(0, (64, 64, 72, 72))
    assert pixels._unlike(blank, letter_there) == [(46, 46)]
    smoothed = blank.copy()
    smoothed.paste(215, (64, 64, 72, 72))
    assert pixels._unlike(blank, smoothed) == []


def test_a_file_that_no_one_listed_is_told(project: Project) -> None:
    """What lies in the folder and is not in the manifest may be anything."""
    want = ("--locale", "en", "--handout", "about-ipt", "--format", "text")
    assert project.run(*want).code == 0
    assert project.run("verify").code == 0
    (project.root / "dist/en/old.pdf").write_bytes(b"%PDF")
    ran = project.run("verify")
    assert ran.code == 1
    assert "en/old.pdf: the manifest does not list this file." in ran.err


def test_an_email_that_says_an_old_number_is_told(project: Project) -> None:
    """E-mail and text are held against the sources to the letter: a changed help line does not get through."""
    want = ("--locale", "en", "--handout", "about-ipt", "--format", "email", "--format", "text")
    assert project.run(*want).code == 0
    assert project.run("verify").code == 0
    project.edit("content/regions/au.yaml", 'call: "13 11 14"', 'call: "13 11 15"')
    ran = project.run("verify")
    assert ran.code == 1
    for file in ("en/about-ipt.html", "en/about-ipt.txt"):
        assert f"{file}: it does not say what the sources say now. Build it again." in ran.err


def test_an_email_that_clients_would_spoil_is_told(project: Project) -> None:
    """An e-mail with a drawing in its text says what the sources say, and is refused all the same."""
    project.edit("templates/email.html", '<h1 class="title', '<svg></svg><h1 class="title')
    want = ("--locale", "en", "--handout", "about-ipt", "--format", "email", "--format", "text")
    assert project.run(*want).code == 0
    ran = project.run("verify")
    assert ran.code == 1
    assert "en/about-ipt.html: mail clients would not show it as it is meant: “line " in ran.err
    assert "<svg>: clients show no drawing that stands in the text.”. Write it in another way" in ran.err


def test_an_entry_that_was_changed_by_hand_is_told(project: Project) -> None:
    """A PDF that the manifest calls a text would escape its checks; a list is no name."""
    want = ("--locale", "en", "--handout", "about-ipt", "--format", "text")
    assert project.run(*want).code == 0
    for old, new in (('"format": "text"', '"format": "pdf"'), ('"locale": "en"', '"locale": ["en"]')):
        manifest = project.root / "dist/manifest.json"
        good = manifest.read_text(encoding="utf-8")
        project.edit("dist/manifest.json", old, new)
        ran = project.run("verify")
        assert ran.code == 1
        assert "en/about-ipt.txt: its entry in the manifest is not as a build writes it." in ran.err
        manifest.write_text(good, encoding="utf-8")


def test_a_rendition_of_what_is_gone_is_told(project: Project) -> None:
    """A file of a clinic that was removed cannot be compared with anything."""
    want = ("--locale", "en", "--handout", "about-ipt", "--format", "text", "--clinic", "example")
    assert project.run(*want).code == 0
    clinic = project.root / "content/clinics/example.yaml"
    clinic.rename(clinic.with_name("other.yaml"))
    ran = project.run("verify")
    assert ran.code == 1
    assert "en/about-ipt.txt: the sources no longer have what it is of" in ran.err
    assert "Traceback" not in ran.err
