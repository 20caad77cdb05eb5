"""A clinic's paper is stamped, and looks, reads and is told as if it had been laid out for that clinic alone."""

from __future__ import annotations

import shutil
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from random import Random

import pikepdf
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image

from handouts.characters import WITHOUT_FORMATS
from handouts.library import clinic_paper
from handouts.library.clinic_paper import BROKEN, ClinicPaper, _blank, make_clinic_paper, measured_head
from handouts.library.forms import Blank
from handouts.library.jobs import Job, Made
from handouts.library.make import make_rendition
from handouts.library.paper import make_paper, overfull_problem
from handouts.model import Clinic, Drawing, Layout
from handouts.pdf.exact.boxes import Filling
from handouts.pdf.render import Pdf, _type
from handouts.problems import SourceError
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.verify.extractors import EXTRACTORS
from handouts.verify.gate import GATE_CHECKS
from handouts.verify.verdict import Verdict, read_rendition
from tests.conftest import tries
from tests.library.conftest import the_job
from tests.pixels import differing

SUBPIXEL = 3  # of 255: how much less a hair is dark that stands a thousandth of a pixel elsewhere
NOTES = {
    "en": "We are closed on public holidays. Ask at the desk for other languages.",
    "ar": "نحن مغلقون أيام العطل الرسمية. اطلب نسخة أخرى من المكتب.",
    "hi": "हम सार्वजनिक अवकाश पर बंद रहते हैं। दूसरी प्रति माँगें।",
    "th": "หยุดวันหยุดนักขัตฤกษ์ โปรดขอสำเนาอื่นได้ที่เคาน์เตอร์",
    "zh-Hant": "公眾假期休息。請向前台索取其他語言的版本。",
}
# Words that names and addresses are made of, and letters that no text of the library has.
WORDS = {
    "en": "Clinic Health Centre Street of and the Zoë Łódź Ngāti Wynnum-Manly 12 4/7 St.",
    "ar": "عيادة الصحة النفسية شارع مركز گرگان چاي Clinic Street 12",
    "hi": "क्लिनिक स्वास्थ्य केंद्र सड़क श्रीकृष्ण ज्ञान Clinic Street 12",
    "th": "คลินิก สุขภาพ ศูนย์ ถนน เพ็ญจันทร์ ญาณ Clinic Street 12",
    "zh-Hant": "診所 健康 中心 街道 龔嬿婉 翟 Clinic Street 12",
}
LAYOUTS: tuple[Layout, ...] = ("standard", "large-print", "bilingual")


def png() -> Drawing:
    """Return a logo of two colours."""
    written = BytesIO()
    Image.frombytes("RGB", (2, 1), b"\x7a\x1f\x5c\x1f\x4d\x7a").save(written, "PNG")
    return Drawing(written.getvalue(), "png", 2, 1)


PNG = png()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache for all tests of this module."""
    return tmp_path_factory.mktemp("cache")


def paper(sources: Sources, look: Look, tag: str, layout: Layout = "standard", **clinic: object) -> Job:
    """Return the job of a clinic's paper; of the clinic some details are others."""
    job = the_job(sources, look, "pdf", tag, "example", layout)
    assert job.page.clinic
    return with_clinic(job, replace(job.page.clinic, **clinic))  # type: ignore[arg-type]


def with_clinic(job: Job, clinic: Clinic) -> Job:
    """Return the job of another clinic."""
    return replace(job, page=replace(job.page, clinic=clinic))


def words(data: bytes, file: Path) -> dict[str, list[str]]:
    """Return the words of a PDF by each program that takes them out, without marks of direction."""
    file.write_bytes(data)
    return {
        name: " ".join(extract(file)).translate(WITHOUT_FORMATS).split()
        for name, extract in EXTRACTORS.items()
    }


def check_alike(job: Job, look: Look, kept: Path, folder: Path, whole: Pdf | None = None) -> Made:
    """Check that a paper is as if it had been set in full, as `whole` may be already, and return it."""
    made, whole = make_clinic_paper(job, look, kept), whole or make_paper(job, look, kept)
    assert made.pages == whole.pages
    assert differing(made.data, whole.data, SUBPIXEL) == []
    assert words(made.data, folder / "made.pdf") == words(whole.data, folder / "whole.pdf")
    return made


@pytest.mark.untraced
@pytest.mark.parametrize(
    ("tag", "layout", "clinic"),
    [
        ("ar", "standard", {"notes": NOTES, "phones": ("02 5550 0100", "1300 555 010")}),
        ("hi", "large-print", {"notes": NOTES, "accent": "#7a1f5c"}),
        (
            "en",
            "standard",
            {"name": "Example Clinic for Families", "address": ("12 Riverside Road",) * 2},
        ),  # in close lines
        ("en", "large-print", {"site": "https://handouts.clinic.example"}),
        ("en", "standard", {"accent": "#7a1f5c"}),
        ("ar", "bilingual", {"logo": PNG, "accent": "#7a1f5c"}),
        ("th", "standard", {"site": "https://handouts.clinic.example", "phones": ()}),
        ("zh-Hant", "bilingual", {"name": "龔嬿婉診所", "logo": None}),
    ][: tries(8)],
)
def test_a_stamped_paper_is_as_one_set_in_full(
    sources: Sources,
    look: Look,
    kept: Path,
    tmp_path: Path,
    tag: str,
    layout: Layout,
    clinic: dict[str, object],
) -> None:
    """To the eye, to every program that takes out text, and by every check of `verify`; its note, code and colour too."""
    job = paper(sources, look, tag, layout, **clinic)
    made = check_alike(job, look, kept, tmp_path)
    assert made.in_full == ""
    verdict, reading = Verdict("made"), read_rendition(tmp_path / "made.pdf", job.page, look)
    for check in GATE_CHECKS:
        check(verdict, reading)
    assert verdict.problems == []


@st.composite
def profiles(draw: st.DrawFn, tag: str) -> dict[str, object]:
    """Return details of a clinic in the letters of a locale, with Latin ones between; long and short."""
    chance = Random(draw(st.integers(0, 10**9)))

    def text(most: int) -> str:
        return " ".join(chance.choices(WORDS[tag].split(), k=chance.randint(1, most)))

    numbers = ("02 5550 0100", "1300 555 010", "0491 570 006")
    return {
        "name": text(9),
        "phones": numbers[: chance.randint(0, 3)],
        "address": tuple(text(6) for _ in range(chance.randint(0, 3))),
        "hours": text(5) if chance.random() < 0.5 else "",
        "booking": chance.choice(("", "https://clinic.example/book", "1300 555 011")),
        "site": chance.choice(("", "", "https://handouts.clinic.example")),
        "accent": chance.choice(("", "#7a1f5c", "#1f4d7a")),
        "notes": {tag: text(40)} if chance.random() < 0.4 else {},
        "logo": chance.choice((None, PNG)),
    }


@pytest.mark.untraced
@pytest.mark.parametrize("tag", WORDS)
@settings(
    max_examples=tries(4),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@given(data=st.data())
def test_any_clinic_is_stamped_alike_or_set_in_full(
    sources: Sources, look: Look, kept: Path, tmp_path: Path, tag: str, data: st.DataObject
) -> None:
    """Whatever a profile says; what does not fit is refused as it would be in full."""
    clinic = data.draw(profiles(tag))
    layout = data.draw(st.sampled_from(LAYOUTS[: 2 if tag == "en" else 3]))
    job = paper(sources, look, tag, layout, **clinic)
    try:
        whole = make_paper(job, look, kept)
    except SourceError as refused:
        with pytest.raises(SourceError) as told:
            make_clinic_paper(job, look, kept)
        assert list(told.value.problems) == list(refused.problems)  # noqa: PT017 - both are raised
    else:
        check_alike(job, look, kept, tmp_path, whole)


def test_clinics_share_a_form_and_a_lone_one_is_stamped_too(
    sources: Sources, look: Look, tmp_path: Path
) -> None:
    """Name, number and colour are no part of a form; what is made does not depend on what was made before."""
    first = paper(sources, look, "en", name="First Clinic", phones=("02 5550 0111",))
    second = paper(sources, look, "en", name="Second Practice", phones=("02 5550 0122",), accent="#7a1f5c")
    one, other = (make_clinic_paper(each, look, tmp_path / "together") for each in (first, second))
    assert len(list((tmp_path / "together" / "forms").iterdir())) == 1
    assert make_clinic_paper(second, look, tmp_path / "alone").data == other.data != one.data
    assert make_clinic_paper(first, look, tmp_path / "together").data == one.data
    assert (one.in_full, other.in_full) == ("", "")


def test_fonts_that_were_removed_meanwhile_are_cut_down_again(
    sources: Sources, look: Look, tmp_path: Path
) -> None:
    """A desk is open all day, and one may remove `.cache/fonts` when one likes: no paper is set in another font."""
    job = paper(sources, look, "en")
    before = make_clinic_paper(job, look, tmp_path)
    shutil.rmtree(tmp_path / "fonts")
    _type.cache_clear()
    assert make_clinic_paper(job, look, tmp_path) == before


def test_a_form_is_known_by_its_page_as_it_was_laid_out_last(
    sources: Sources, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From right to left, the letters of a part decide how the form is drawn: those of each round are in its key."""
    keys: list[str] = []
    monkeypatch.setattr(clinic_paper, "blank_of", lambda _cache, key, _make: keys.append(key))
    job = paper(sources, look, "ar")
    assert job.page.clinic
    assert job.setting
    made = ClinicPaper(job.page, job.page.clinic, job.setting, look, tmp_path)
    heights = dict.fromkeys(("head", "phone", "beside", "scan", "note"), "20")
    first = made.composed()
    longer = f"{first}<!--part scan-->{'a' * 900}<!--end scan-->"
    for last in (first, longer, first):
        _blank(made, 0, (first, last), heights)
    assert keys[0] == keys[2] != keys[1]


def test_a_form_is_made_again_when_anything_on_it_changes(
    sources: Sources, look: Look, tmp_path: Path
) -> None:
    """A word, a drawing that is named by the page alone, the look: what is kept answers for nothing else."""
    job = paper(sources, look, "en")
    handout = job.page.handout
    icons = {**handout.icons, **{n: replace(each, width=each.width * 2) for n, each in handout.icons.items()}}
    assert icons != handout.icons
    changed = (
        replace(handout, icons=icons),
        replace(handout, lead=replace(handout.lead, text="Other words.")),
    )
    jobs = (job, *(replace(job, page=replace(job.page, handout=each)) for each in changed))
    made = [make_clinic_paper(each, look, tmp_path).data for each in jobs]
    assert job.setting
    newer = replace(job, setting=replace(job.setting, digest="of another look"))
    assert make_clinic_paper(newer, look, tmp_path).data == made[0]
    assert len(set(made)) == 3
    assert len(list((tmp_path / "forms").iterdir())) == 4


def test_nothing_of_a_clinic_is_in_a_form(sources: Sources, look: Look, tmp_path: Path) -> None:
    """Or one clinic's telephone would stand on another's paper."""
    job = paper(
        sources,
        look,
        "en",
        name="Quillfeather Rooms",
        phones=("02 5550 0133",),
        web="https://quillfeather.example",
        notes=NOTES,
    )
    make_clinic_paper(job, look, tmp_path)
    (file,) = (tmp_path / "forms").iterdir()
    form = tmp_path / "form.pdf"
    form.write_bytes(file.read_bytes().partition(b"\n")[2])
    said = " ".join(words(form.read_bytes(), form)["poppler"])
    assert "DRAFT" in said
    assert not [each for each in ("Quillfeather", "0133", "quillfeather", "closed") if each in said]
    with pikepdf.open(form) as pdf:
        held = b"".join(each.unparse() for each in pdf.objects)
    assert not [each for each in (b"uillfeather", b"0133") if each in held]


def bookmarks(pdf: pikepdf.Pdf) -> list[tuple[str, str]]:
    """Return the titles of the bookmarks of a PDF, each with the place on its page."""
    found = list(pdf.open_outline().root)
    places = [
        each.destination[2:] if isinstance(each.destination, pikepdf.Array) else each.destination
        for each in found
    ]
    return [(each.title, str(place)) for each, place in zip(found, places, strict=True)]


def test_a_stamped_paper_is_told_as_one_set_in_full(sources: Sources, look: Look, kept: Path) -> None:
    """Title, metadata, language and bookmarks are the same; each clinic's file is known as another file."""
    job = paper(sources, look, "ar")
    made, whole = make_clinic_paper(job, look, kept).data, make_paper(job, look, kept).data
    other = make_clinic_paper(paper(sources, look, "ar", name="Other"), look, kept).data
    with pikepdf.open(BytesIO(made)) as ours, pikepdf.open(BytesIO(whole)) as theirs:
        assert dict(ours.docinfo) == dict(theirs.docinfo)
        assert dict(ours.open_metadata()) == dict(theirs.open_metadata()) != {}
        assert ours.Root.Lang == theirs.Root.Lang
        assert bookmarks(ours) == bookmarks(theirs) != []
        with pikepdf.open(BytesIO(other)) as another:
            assert bytes(another.trailer.ID[0]) != bytes(ours.trailer.ID[0])


def test_what_cannot_be_stamped_is_set_in_full_and_told(
    sources: Sources, look: Look, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form that a part was too long for, and runs over two pages, is none."""
    job = paper(sources, look, "en", hours="9 to 5")
    assert make_rendition(job, look, kept).in_full == ""

    def broken(one: ClinicPaper, *given: object) -> Blank:
        blank = _blank(one, *given)  # type: ignore[arg-type]
        assert blank.form
        slots = tuple(replace(slot, is_whole=False) for slot in blank.form.slots)
        return replace(blank, form=replace(blank.form, slots=slots))

    monkeypatch.setattr(clinic_paper, "_blank", broken)
    made = make_rendition(job, look, kept)
    assert (made.in_full, made.data) == (BROKEN, make_paper(job, look, kept).data)


def test_what_is_no_paper_of_a_clinic_is_not_stamped(sources: Sources, look: Look, kept: Path) -> None:
    """Only a clinic's own parts are stamped."""
    with pytest.raises(LookupError):
        make_clinic_paper(the_job(sources, look, "pdf", "en"), look, kept)


def with_address(sources: Sources, lines: int) -> Sources:
    """Return the sources with an address of so many lines."""
    clinic = replace(sources.content.clinics["example"], logo=None, address=("12 Riverside Road",) * lines)
    return replace(sources, content=replace(sources.content, clinics={"example": clinic}))


def test_the_head_alone_says_how_the_clinics_box_is_filled(sources: Sources, look: Look, cache: Path) -> None:
    """As the whole page does, before that is made: by how much, and how many lines each part has."""
    fits = measured_head(the_job(with_address(sources, 2), look, "pdf", "en", "example"), look, cache)
    assert fits.over == 0
    assert fits.lines["clinic-address"] == 2
    job = the_job(with_address(sources, 9), look, "pdf", "en", "example")
    over = measured_head(job, look, cache)
    assert over.over > 1
    assert over.lines["clinic-address"] == 9
    (problem,) = make_rendition(job, look, cache).problems
    assert problem == overfull_problem(job.page, over)
    assert (problem.code, problem.clinic) == ("clinic-too-long", "example")
    assert "Shorten address (9 lines)" in problem.fix


def test_a_head_that_cannot_be_made_says_nothing(sources: Sources, look: Look, cache: Path) -> None:
    """Why is told when the page itself is made."""
    job = the_job(sources, look, "pdf", "en", "example")
    torn = replace(look, templates={**look.templates, "print.html": "{{ nobody_gives_this }}"})
    assert measured_head(job, torn, cache) == Filling()
