"""The pages, read back from the PDFs themselves."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from handouts.library.jobs import characters, jobs
from handouts.library.make import make_rendition
from handouts.library.plan import Choice, plan
from handouts.model import LAYOUTS, Block, Handout, Layout
from handouts.page.approval import Approval
from handouts.page.compose import compose
from handouts.page.pictures import drawings
from handouts.pdf.exact.boxes import Margins
from handouts.pdf.make import make_pdf, typeset_fitting
from handouts.pdf.render import Pdf
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.verify import words
from handouts.verify.drawn import drawn_lines, glyphs
from handouts.verify.extractors import poppler
from handouts.verify.tags import read_outline
from handouts.verify.text import check_words
from handouts.verify.typography import collisions, empty_shares, glyph_lines, margin_lines, off_the_sheet
from handouts.verify.verdict import Verdict, read_rendition
from tests.benchmarks.sides import most_sides
from tests.conftest import SPREAD, our_look, printed

A4 = (595.28, 841.89)
MARGIN = 30  # points: nothing is printed where a printer cannot reach
UNPRINTED = 11.3  # points, 4 mm: what a printer needs below the foot


@pytest.mark.parametrize("tag", SPREAD)
def test_every_phone_number_is_drawn_in_its_own_order(built: Path, sources: Sources, tag: str) -> None:
    """13 11 14 is 13 11 14 to the eye in every locale; in Arabic it would be 14 11 13."""
    lines = drawn_lines(glyphs(built / tag / "about-ipt.pdf"))
    numbers = [n for line in sources.content.regions["au"].lines for n in (line.call, line.text) if n]
    assert len(numbers) == 4
    for number in numbers:
        assert any(number.replace(" ", "") in line for line in lines), number


def test_the_reader_of_drawn_order_sees_a_number_that_turned_round(
    sources: Sources, look: Look, tmp_path: Path
) -> None:
    """Without isolation the number is drawn backwards, and the test above would notice."""
    (page,) = plan(Approval(sources, our_look()), Choice(("ar",), ("about-ipt",), ("pdf",), ("standard",)))
    html = compose(page, look)
    isolated = '<bdi dir="ltr" class="phone">'
    assert isolated in html
    turned = html.replace(isolated, '<bdi dir="rtl" class="phone">')
    letters = characters(sources, "ar", None)
    file = tmp_path / "turned.pdf"
    pdf = make_pdf(turned, page.locale, page.families, letters, tmp_path, drawings(page, look))
    file.write_bytes(pdf.data)
    lines = drawn_lines(glyphs(file))
    assert not any("131114" in line for line in lines)
    assert any("141113" in line for line in lines)


@pytest.mark.parametrize("tag", SPREAD)
def test_a_clinics_own_values_keep_their_order(
    sources: Sources, look: Look, shared: Path, tmp_path: Path, tag: str
) -> None:
    """The clinic's phone, hours and web address are isolated like every other value."""
    file, choice = tmp_path / "clinic.pdf", Choice((tag,), ("about-ipt",), clinics=("example",))
    file.write_bytes(printed(sources, look, shared / "cache", choice))
    lines = drawn_lines(glyphs(file))
    for value in ("0255500100", "9:00–17:00", "clinic.example"):
        assert any(value in line for line in lines), value


@pytest.mark.parametrize("tag", SPREAD)
def test_the_first_handout_fits_its_sheets(built: Path, tag: str) -> None:
    """English fits three sides of A4 with its references, every other locale four: two sheets.

    Of all locales it is asked by `tests.benchmarks.sides`, which CI runs too.
    """
    with PdfDocument(built / tag / "about-ipt.pdf") as document:
        assert len(document) <= most_sides(tag)
        assert document[0].get_size() == pytest.approx(A4, abs=0.5)


def pdfs(built: Path, tag: str, layout: str) -> list[Path]:
    """Return the PDFs of a locale in a layout, one a handout."""
    found = sorted((built / tag).glob(f"*.{layout}.pdf" if layout != "standard" else "*.pdf"))
    return [p for p in found if layout != "standard" or p.name.count(".") == 1]


SETTINGS = [(tag, layout) for tag in SPREAD for layout in LAYOUTS if (tag, layout) != ("en", "bilingual")]


@pytest.mark.parametrize(("tag", "layout"), SETTINGS)
def test_type_is_large_enough_and_inside_the_page(built: Path, tag: str, layout: str) -> None:
    """12 points or more, 16 in large print, citations too; every letter inside the margins."""
    files = pdfs(built, tag, layout)
    assert len(files) == 2
    for file in files:
        found = glyphs(file)
        assert len(found) > 500
        least = 15.9 if layout == "large-print" else 11.9
        assert {g.character for g in found if g.size < least} == set()
        for glyph in found:
            assert MARGIN <= glyph.left <= glyph.right <= A4[0] - MARGIN
            assert UNPRINTED <= glyph.bottom <= glyph.top <= A4[1]


@pytest.mark.parametrize(("tag", "layout"), SETTINGS)
def test_no_page_but_the_last_ends_early(built: Path, tag: str, layout: str) -> None:
    """Two thirds of every page are filled: what follows may part where it is long, and what is kept whole is short."""
    for file in pdfs(built, tag, layout):
        outline = read_outline(file)
        shares = empty_shares(glyph_lines(glyphs(file), outline), outline)
        assert len(shares) > 1
        assert max(shares[:-1]) < 1 / 3, file


@pytest.mark.parametrize("tag", [tag for tag in SPREAD if tag != "en"])
def test_a_bilingual_page_has_every_block_beside_its_english(built: Path, sources: Sources, tag: str) -> None:
    """A clinician who reads only English can hand it out: both titles' questions stand on one line of the page."""
    found = glyphs(built / tag / "about-ipt.bilingual.pdf")
    own = sources.translation("about-ipt", "au", tag).handout.sections
    english = sources.content.handout("about-ipt", "au").sections
    middle, rtl = A4[0] / 2, sources.locales[tag].direction == "rtl"
    rows: dict[tuple[int, int], list[tuple[float, str]]] = {}
    for glyph in found:
        rows.setdefault((glyph.page, round(glyph.line / 3)), []).append((glyph.left, glyph.character))
    for section in english:
        asked = section.heading.text.replace(" ", "")
        beside = [
            r for r in rows.values() if asked in "".join(c for x, c in sorted(r) if (x > middle) is not rtl)
        ]
        assert beside, section.id
    assert len(own) == len(english) > 7


@pytest.mark.parametrize("tag", SPREAD)
def test_every_page_says_draft_edition_locale_region_and_number(
    built: Path, sources: Sources, tag: str
) -> None:
    """A page that is found alone tells what it is, and that it has not been checked."""
    text = subprocess.run(
        ["pdftotext", "-layout", str(built / tag / "about-ipt.pdf"), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    pages = text.split("\f")[:-1]
    assert len(pages) >= 2
    for page in pages:
        assert "DRAFT: this text has not been fully checked yet." in page
        assert "2026-11" in page
    assert sources.locales[tag].english_name in pages[0]


CARDS = {"seven": 7, "eight": 8, "one": 1}


def with_cards(handout: Handout) -> Handout:
    """Return a handout with three more sections: of seven cards, of eight, and of one."""
    section = next(each for each in handout.sections if any(b.kind == "card" for b in each.blocks))
    cards = [block for block in section.blocks if block.kind == "card"]
    more = [
        replace(
            section,
            id=name,
            blocks=tuple(replace(cards[n % len(cards)], id=f"{name}.{n}") for n in range(count)),
        )
        for name, count in CARDS.items()
    ]
    return replace(handout, sections=(*more, *handout.sections))


def test_any_number_of_cards_begins_at_the_start_side(sources: Sources, look: Look, tmp_path: Path) -> None:
    """From right to left, of each two cards the first stands on the right, and each pair below the one before; one alone has the width of both."""
    (page,) = plan(Approval(sources, our_look()), Choice(("ar",), ("about-ipt",), ("pdf",), ("standard",)))
    page = replace(page, handout=with_cards(page.handout), english=with_cards(page.english))
    letters = characters(sources, "ar", None)
    pdf = make_pdf(compose(page, look), page.locale, page.families, letters, tmp_path, drawings(page, look))
    first = {place.block: place for place in reversed(pdf.places)}
    for name, count in ((name, count) for name, count in CARDS.items() if count > 1):
        cards = [first[f"{name}.{n}"] for n in range(count)]
        middle = max(card.left + card.width for card in cards[1::2])
        assert all(card.left > middle for card in cards[0::2])
        assert [card.top for card in cards[0::2]][: count // 2] == [card.top for card in cards[1::2]]
        assert sorted((card.page, card.top) for card in cards[0::2]) == [(c.page, c.top) for c in cards[0::2]]
        assert len({card.top for card in cards}) == -(-count // 2)
        assert first["one.0"].left < middle


def test_steps_and_what_leads_into_them_are_on_one_page(sources: Sources, look: Look, tmp_path: Path) -> None:
    """Whoever has to call in danger turns no page between what to do and whom to call: however long what stands before is."""
    choice = Choice(("zh-Hans",), ("for-family-and-friends",), ("pdf",), ("standard",))
    (page,) = plan(Approval(sources, our_look()), choice)
    letters, shown, html = characters(sources, "zh-Hans", None), drawings(page, look), compose(page, look)
    names = [f"for-family-and-friends.sooner-{name}" for name in ("danger", "first", "stay", "call")]
    sheets = set()
    for more in range(0, 240, 20):  # millimetres
        longer = html.replace("<section ", f'<div style="height: {more}mm"></div><section ', 1)
        pdf = make_pdf(longer, page.locale, page.families, letters, tmp_path, shown)
        pages = {place.page for place in pdf.places if place.block in names}
        assert len(pages) == 1, more
        sheets |= pages
    assert len(sheets) > 1


def test_a_heading_of_two_lines_leaves_no_gap_before_its_list(
    sources: Sources, look: Look, tmp_path: Path
) -> None:
    """One line leads into the list beside a heading that is higher: the list follows at once, and not below the heading."""
    (page,) = plan(
        Approval(sources, our_look()), Choice(("en",), ("your-sessions",), ("pdf",), ("standard",))
    )
    letters, shown, html = characters(sources, "en", None), drawings(page, look), compose(page, look)
    heights = []
    for each in (html, html.replace('"opening leads"', '"opening"')):
        pdf = make_pdf(each, page.locale, page.families, letters, tmp_path, shown)
        first = {place.block: place for place in reversed(pdf.places)}
        why, feel = (first[f"your-sessions.start-{name}"] for name in ("why", "feel"))
        assert why.page == feel.page
        heights.append(feel.top - why.top)
    assert heights[0] < 0.6 * heights[1]


@pytest.mark.parametrize(
    ("tag", "layout"),
    [("ar", "large-print"), ("en", "standard"), ("hi", "bilingual"), ("zh-Hans", "standard")],
)
def test_letter_takes_no_more_sides_than_a4(
    sources: Sources, look: Look, shared: Path, built: Path, tag: str, layout: Layout
) -> None:
    """Letter is 18 mm less high; and in large print too the help lines stand on the first page of both."""
    choice = Choice((tag,), ("about-ipt",), ("pdf",), (layout,), paper="letter")
    (page,) = plan(Approval(sources, look), choice)
    (on_a4,) = plan(Approval(sources, look), replace(choice, paper="a4"))
    letters, shown = characters(sources, tag, None), drawings(page, look)
    composed = partial(compose, page, look)
    letter = typeset_fitting(composed, page.locale, page.families, letters, shared / "cache", shown)
    assert {place.page for place in letter.places if place.block == "interface.crisis-call"} == {1}
    assert (letter.strays, letter.margins) == ((), Margins())
    with PdfDocument(built.parent / on_a4.rendition.file) as a4:
        assert letter.pages <= len(a4)
        said = a4[0].get_textpage().get_text_range()
    assert page.handout.region.lines[0].call in said.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("tag", "layout"), [("th", "standard"), ("th", "large-print"), ("el", "large-print")]
)
def test_head_and_foot_stand_where_printers_print_on_letter_too(
    sources: Sources, look: Look, shared: Path, tmp_path: Path, tag: str, layout: Layout
) -> None:
    """Lines are closer there, and marks above marks in a notice, or a second line of a foot, reach far."""
    choice = Choice((tag,), ("your-sessions",), ("pdf",), (layout,), regions=("us",))
    (job,) = jobs(sources, look, plan(Approval(sources, look), choice))
    file = tmp_path / "page.pdf"
    file.write_bytes(make_rendition(job, look, shared / "cache").data)
    assert off_the_sheet(margin_lines(glyphs(file)), read_outline(file)) == []


def test_lines_never_stand_closer_than_their_letters_need(
    sources: Sources, look: Look, shared: Path, tmp_path: Path
) -> None:
    """On Letter in large print lines stand closest: there signs under a line would touch those above the next."""
    choice = Choice(("km",), ("four-areas",), ("pdf",), ("large-print",), regions=("us",))
    (job,) = jobs(sources, look, plan(Approval(sources, look), choice))
    file = tmp_path / "page.pdf"
    file.write_bytes(make_rendition(job, look, shared / "cache").data)
    assert collisions(glyph_lines(glyphs(file), read_outline(file))) == []


def test_help_lines_stand_on_the_first_page_however_long_the_summary_is(
    sources: Sources, look: Look, tmp_path: Path
) -> None:
    """Where both do not fit it, the summary comes after them, and parts; `verify` knows such a page."""
    (page,) = plan(Approval(sources, look), Choice(("en",), ("about-ipt",), ("pdf",), ("standard",)))
    summary = page.handout.summary
    blocks = tuple(replace(block, text=f"{block.text} " * 8) for block in summary.blocks)
    page = replace(page, handout=replace(page.handout, summary=replace(summary, blocks=blocks)))
    letters, shown = characters(sources, "en", None), drawings(page, look)
    composed = partial(compose, page, look)

    def pages_of_help(pdf: Pdf) -> set[int]:
        return {place.page for place in pdf.places if place.block.startswith("interface.crisis")}

    once = make_pdf(composed(), page.locale, page.families, letters, tmp_path, shown)
    assert pages_of_help(once) == {2}
    pdf = typeset_fitting(composed, page.locale, page.families, letters, tmp_path, shown).write()
    assert pages_of_help(pdf) == {1}
    file = tmp_path / "long.pdf"
    file.write_bytes(pdf.data)
    verdict = Verdict("long.pdf")
    check_words(verdict, read_rendition(file, page, look))
    assert verdict.problems == []


def test_a_long_word_is_parted_in_its_column_and_a_long_notice_has_room(
    sources: Sources, look: Look, tmp_path: Path
) -> None:
    """Headings, a card, help lines and a draft notice that no line has room for: all of it stands where it should.

    And poppler reads it: no long word is mixed with what stands beside it, and no short one is parted.
    """
    long = {
        "about-ipt.how": "Wirkungszusammenhangserklärungen",
        "about-ipt.next": "il" * 90,  # each of its lines is as wide as its column
        "about-ipt.area-death": "Lebensabschnittsgefährtenverlustbewältigungsschwierigkeiten",
        "region-au.emergency-name": "Notfallversorgungseinrichtungenverzeichnis",
        "region-au.interpreter-name": "Übersetzungsdienstleistungsvermittlungszentrum TIS",
        "interface.draft": "BORRADOR: este texto aún no se ha revisado por completo. " * 3,
    }

    def lengthened(block: Block) -> Block:
        return replace(block, text=long.get(block.id, block.text))

    choice = Choice(("es",), ("about-ipt",), ("pdf",), ("standard",))
    (page,) = plan(Approval(sources, look), choice)
    page = replace(page, handout=page.handout.map_text(lengthened))
    letters, shown = characters(sources, "es", None), drawings(page, look)
    once = make_pdf(compose(page, look), page.locale, page.families, letters, tmp_path, shown)
    assert {stray.block for stray in once.strays} == set(long) - {"interface.draft"}
    assert once.margins.head > 0
    composed = partial(compose, page, look)
    pdf = typeset_fitting(composed, page.locale, page.families, letters, tmp_path, shown).write()
    assert (pdf.strays, pdf.margins) == ((), Margins())
    file = tmp_path / "long.pdf"
    file.write_bytes(pdf.data)
    assert words.count(" ".join(long.values()), poppler(file), "es").lost == ()
