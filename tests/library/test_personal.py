"""A personal copy is its page as it would be made for that person alone, and leaves no trace of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path
from random import Random

import pikepdf
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from handouts import markup
from handouts.library.jobs import Job, jobs
from handouts.library.paper import make_paper
from handouts.library.personal import LONGEST_NOTE, Copies, personal_of
from handouts.library.plan import Choice, plan
from handouts.model import Layout, Personal
from handouts.page.approval import Approval
from handouts.problems import Problem, SourceError
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.verify import words
from handouts.verify.extractors import EXTRACTORS
from handouts.verify.gate import GATE_CHECKS
from handouts.verify.mails import check_draft
from handouts.verify.verdict import Verdict, read_rendition
from tests.conftest import tries
from tests.pixels import differing

TEXTS = ("text/plain", "text/html")
WHEN = datetime.fromisoformat("2026-12-03 14:30")
NOTE = "Room 12, level 2: please bring your card, and a list of your medicines (all of them). Call 13 11 14 if you are late."
LATIN = "Zo ë Ngu yễn Ł ø ß Þ ệ ư ĳ Ő O’ Mc fi"
# By locale: a name in its letters, and syllables that words of it are made of; others are of Latin ones.
NAMES = {
    "en": ("Zoë O’Brien-Łukasz", LATIN),
    "ar": ("محمد عبد الرحمن", "م حم د لا ك ثق ئ ى ة گ پ چ ڤ رَّ عُ"),
    "hi": ("लक्ष्मी कृष्णमूर्ति", "क्ष ल श्री त्रि पा र्म हिं ज़ द्ध की रू ॐ"),
    "zh-Hans": ("欧阳娜娜", "欧 阳 翟 嬿 懿 龘 𠮷"),
}


@pytest.fixture(scope="session")
def copies(look: Look, shared: Path) -> Copies:
    """Return what makes copies, and keeps their forms for all tests of this worker."""
    return Copies(look, shared / "cache")


def job_of(
    sources: Sources, look: Look, tag: str, layout: Layout = "standard", slug: str = "four-areas"
) -> Job:
    """Return the job of a page on paper."""
    choice = Choice((tag,), (slug,), ("pdf",), (layout,))
    (job,) = jobs(sources, look, plan(Approval(sources, look), choice))
    return job


def person(tag: str) -> Personal:
    """Return what a copy may say, in the letters of a locale and in Latin ones."""
    return Personal(NAMES[tag][0], WHEN, "Dr Layla Haddad", NOTE)


@pytest.mark.untraced
@pytest.mark.parametrize(
    ("tag", "layout"), [("ar", "bilingual"), ("hi", "large-print"), ("zh-Hans", "standard")]
)
def test_a_copy_is_the_page_that_would_be_made_for_one_person(
    sources: Sources, look: Look, copies: Copies, tmp_path: Path, tag: str, layout: Layout
) -> None:
    """To the pixel, and by every check of `verify`: each program finds all words, both standards are kept."""
    job = job_of(sources, look, tag, layout)
    file = tmp_path / "copy.pdf"
    file.write_bytes(copies.stamped(job, person(tag)))
    page = replace(job.page, personal=person(tag))
    verdict, reading = Verdict("copy"), read_rendition(file, page, look)
    for check in GATE_CHECKS:
        check(verdict, reading)
    assert verdict.problems == []
    assert words.clean(person(tag).name) in words.clean(words.body_text(reading.html))
    room = next(room for (key, room) in copies.forms if key == job.key)
    whole = make_paper(replace(job, page=page), look, copies.cache, room).data
    assert differing(file.read_bytes(), whole) == []


@pytest.mark.parametrize("tag", ["ar", "en"])
def test_an_e_mail_holds_a_copy_and_says_so_without_a_name(
    sources: Sources, look: Look, copies: Copies, tmp_path: Path, tag: str
) -> None:
    """By every check of an e-mail; what is said to the person is in its PDF alone, and that everyone reads the same is not said."""
    (job,) = jobs(
        sources, look, plan(Approval(sources, look), Choice((tag,), ("four-areas",), ("eml",), ("standard",)))
    )
    data, personal = copies.email(job, person(tag)), person(tag)
    assert copies.email(job, personal) == data
    file, verdict = tmp_path / "copy.eml", Verdict("copy")
    file.write_bytes(data)
    check_draft(verdict, file, replace(job.page, personal=personal), look)
    assert verdict.problems == []
    draft = message_from_bytes(data, policy=policy.default)
    parts = {part.get_content_type(): part for part in draft.walk()}
    words, said_there = job.page.handout.words, [str(parts[kind].get_content()) for kind in TEXTS]
    for text in (*said_there, str(draft.items()), str([part.get_filename() for part in draft.walk()])):
        assert not [each for each in (personal.name, personal.clinician, personal.note) if each in text]
    for text in said_there:
        assert markup.plain(words["mail-letter-ask-personal"].text).split(".")[0] in text
        assert markup.plain(words["mail-letter-ask"].text).split(".")[0] not in text
    paper = parts["application/pdf"].get_content()
    assert paper == copies.stamped(job.parts[0], personal)


@pytest.mark.parametrize("tag", NAMES)
@settings(
    max_examples=tries(4),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@given(seed=st.integers(0, 10**9))
def test_any_name_comes_back(
    sources: Sources, look: Look, copies: Copies, shared: Path, tag: str, seed: int
) -> None:
    """Whatever letters of the locale a name is made of, poppler, pdfium and MuPDF find it whole, and the note as well.

    But for letters that poppler 22 takes for left-to-right ones (Arabic Extended-A, of languages of Africa), and for words of two
    directions beside a label that is still in English.
    """
    chance = Random(seed)
    name, note = (spelled(tag, most, chance) for most in (3, 8))
    typed, problems = personal_of(name, "2026-12-03 14:30", "", note)
    assert typed, problems
    file = shared / f"law-{tag}.pdf"
    file.write_bytes(copies.stamped(labelled(job_of(sources, look, tag)), typed))
    for program, extract in EXTRACTORS.items():
        found = extract(file)[:1]
        for text in (typed.name, typed.note):
            count = words.count(text, found, tag)
            assert (count.lost, count.exact) == ((), count.words), program
        assert words.strange(found) == [], program


def labelled(job: Job) -> Job:
    """Return a job whose label before the name is in the language of the page, whether or not it has been translated."""
    handout = job.page.handout
    label = replace(handout.words["personal-name"], text="— {name}", lang=job.page.locale.tag)
    words = {**handout.words, "personal-name": label}
    return replace(job, page=replace(job.page, handout=replace(handout, words=words)))


def spelled(tag: str, most: int, chance: Random) -> str:
    """Return a few words of random syllables, each word in letters of one script."""

    def word() -> str:
        syllables = chance.choice((NAMES[tag][1], NAMES[tag][1], LATIN)).split()
        return "".join(chance.choices(syllables, k=chance.randint(2, 5)))

    return " ".join(word() for _ in range(chance.randint(1, most)))


def test_a_copy_says_nothing_of_its_person_beside_its_box(
    sources: Sources, look: Look, copies: Copies
) -> None:
    """Title, metadata and everything else that is not drawn are those of the handout; the same facts give the same bytes."""
    job = job_of(sources, look, "en")
    data = copies.stamped(job, person("en"))
    assert data == copies.stamped(job, person("en"))
    other = copies.stamped(job, replace(person("en"), name="Somebody Else"))
    with pikepdf.open(BytesIO(data)) as pdf, pikepdf.open(BytesIO(other)) as theirs:
        assert dict(pdf.docinfo) == dict(theirs.docinfo)
        assert pdf.Root.Metadata.read_bytes() == theirs.Root.Metadata.read_bytes()
        said = b"".join(each.unparse() for each in pdf.objects)
    assert not [word for word in ("Zoë", "Łukasz", "Haddad", "medicines") if word.encode() in data + said]


def test_nothing_of_a_copy_lies_in_the_cache(
    sources: Sources, look: Look, shared: Path, tmp_path: Path
) -> None:
    """Not even a font with its letters: those of the cache are the same for everyone."""
    kept = Copies(look, tmp_path)
    job = job_of(sources, look, "zh-Hans")
    kept.stamped(job, Personal("王小明"))
    before = sorted(path.name for path in tmp_path.rglob("*"))
    kept.stamped(job, Personal("翟嬿婉"))
    assert sorted(path.name for path in tmp_path.rglob("*")) == before != []


def test_what_a_person_is_told_is_in_no_repr() -> None:
    """What a program prints of itself may get into a log."""
    assert repr(person("en")) == "Personal()"
    assert "Zoë" not in repr(personal_of("Zoë", "then"))


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [(Personal("王小明"), "missing-glyph", "name"), (Personal("A", None, "ክፍሌ"), "missing-glyph", "clinician"),
     (Personal(" ".join(["Konstantinopolitan"] * 12)), "personal-too-long", "name"),
     (Personal("A", None, "", "many words in a note " * 30), "personal-too-long", "note"),
     (Personal("A" * 200), "personal-too-wide", "name")],
)  # fmt: skip
def test_what_cannot_be_printed_whole_is_refused(
    sources: Sources, look: Look, copies: Copies, said: Personal, code: str, field: str
) -> None:
    """Nothing is cut or set smaller: the field is named, and its text is not repeated, but for letters that are missing."""
    for make in (copies.check, copies.stamped):
        with pytest.raises(SourceError) as caught:
            make(job_of(sources, look, "en"), said)
        assert [(each.code, each.where) for each in caught.value.problems] == [(code, field)]
        assert "Konstantinopolitan" not in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "when"),
    [("", None), ("2026-12-03", date(2026, 12, 3)), ("2026-12-03 14:30", WHEN), (" 2026-12-03T14:30:00 ", WHEN), ("2026/12/3 14:30", WHEN)],
)  # fmt: skip
def test_an_appointment_is_typed_year_first(typed: str, when: date | None) -> None:
    """As a spreadsheet that was told so writes it, and as a browser does."""
    found, problems = personal_of("A", typed)
    assert not problems
    assert found == Personal("A", when)


@pytest.mark.parametrize(
    "typed",
    [
        "3/12/2026",
        "03.12.2026 14:30",
        "2026-02-30",
        "2026-12-03 24:30",
        "1405-09-12",
        "2026-12-03 2:30 pm",
        "soon",
        "2026-12-03 1430",
    ],
)
def test_a_day_that_may_be_another_is_refused(typed: str) -> None:
    """3/12 is in March for some and in December for others: a wrong day is worse than none."""
    found, problems = personal_of("A", typed)
    assert found is None
    assert [(each.code, each.where) for each in problems] == [("invalid-appointment", "appointment")]


@pytest.mark.parametrize("text", ["a\u202eb", "a\0b", "a\u200bb", "\ue000", "=1+1", "A" * 101])
def test_a_name_is_plain_text(text: str) -> None:
    """What turns, hides or calculates is refused, and every fault of a person is told at once."""
    found, problems = personal_of(text, "x", text, "")
    assert found is None
    assert [each.where for each in problems] == ["appointment", "name", "clinician"]
    assert not [each for each in problems if text in str(each)]


def test_a_note_is_plain_text_of_a_few_lines() -> None:
    """Line ends and tabs become spaces; accents become one letter with what they stand on; what is hidden is refused."""
    assert personal_of("Ana\tRuiz ", note="one\r\ntwo  e\u0301")[0] == Personal("Ana Ruiz", note="one two é")
    assert personal_of("")[1] == [
        Problem("name-missing", "name", "the name is missing.", "Say whom the copy is for.")
    ]
    for note in ("a\u2066b", "a" * (LONGEST_NOTE + 1)):
        assert [each.where for each in personal_of("A", note=note)[1]] == ["note"]
