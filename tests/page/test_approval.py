"""The state of a text: approved while everything that a reader can act on is what was signed, and no longer."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from handouts.library.plan import Choice, plan
from handouts.model import Place
from handouts.page.approval import SOURCE_UNSIGNED, Approval
from handouts.page.compose import compose
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import ROOT
from tests.signed import approve, confirm, few_of, loaded, signature, with_signatures

REGION, HANDOUT, WORDS = (
    "content/regions/au.yaml",
    "content/handouts/about-ipt.yaml",
    "content/interface.yaml",
)
REFERENCES, LOCALE, CATALOG = "content/references.json", "locales/es/locale.toml", "locales/es/handouts.po"
LIFELINE = '  - id: lifeline\n    name: Lifeline\n    about: 24 hours a day\n    call: "13 11 14"\n    text: "0477 13 11 14"\n'
SOURCE = "    source: https://lifeinmind.org.au/news/lifelines-crisis-text-service-now-available-24-7\n    dated: 2022-02\n    read: 2026-11\n"
# The last line of the region, with all that is said of it.
INTERPRETER = re.findall(r"  - id: interpreter\n(?: {4}.*\n)+", (ROOT / REGION).read_text(encoding="utf-8"))[
    0
]

# What is changed after signing: the file, the old text and the new one, and what `status` says of it.
CHANGES: dict[str, tuple[str, str, str, str]] = {
    "a number": (REGION, '"13 11 14"', '"13 11 15"', "region-au.lifeline.call: 13 11 14 → 13 11 15"),
    "two numbers swapped": (REGION, '"131 450"', '"000"', "region-au.interpreter.call: 131 450 → 000"),
    "a number removed": (REGION, '    text: "0477 13 11 14"\n', "", "region-au.lifeline.text: 0477 13 11 14 → nothing"),
    "a number to text to": (REGION, '"0477 13', '"0478 13', "region-au.lifeline.text: 0477 13 11 14 → 0478 13 11 14"),
    "a line removed": (REGION, INTERPRETER, "", "region-au.lines: lifeline, emergency, interpreter → lifeline, emergency"),
    "the kind of a line": (REGION, "kind: interpreter", "kind: crisis", "region-au.interpreter.kind: interpreter → crisis"),
    "the address of a link": (REGION, "//interpersonal", "//interpersona1", "region-au.isipt.url"),
    "paper": (REGION, "paper: a4", "paper: letter", "region-au.paper: a4 → letter"),
    "an author": (REFERENCES, '"family": "Crawford"', '"family": "Crawfor"', "author.1.family: Crawford → Crawfor"),
    "a DOI": (REFERENCES, "10.1192/bjp.bp.114.162628", "10.1192/bjp.bp.114.162629", "DOI: 10.1192/bjp"),
    "a year": (REFERENCES, "[[2016, 7, 1]]", "[[2017, 7, 1]]", "issued.date-parts.1.1: 2016 → 2017"),
    "the edition": (HANDOUT, "edition: 2026-11", "edition: 2026-12", "about-ipt.edition: 2026-11 → 2026-12"),
    "the review date": (HANDOUT, "review-by: 2027-11", "review-by: 2029-11", "about-ipt.review_by: 2027-11 → 2029-11"),
    "the owner": (HANDOUT, "text: IPT Handouts project", "text: Another", "about-ipt.owner: IPT Handouts project → Another"),
    "the insert removed": (HANDOUT, "    insert: access\n", "", "about-ipt.where.insert: gone: access"),
    "an icon": (HANDOUT, "icon: area-death", "icon: area-change", "about-ipt.area-death.icon: area-death → area-change"),
    "a paragraph into an item": (HANDOUT, "      - id: how-cause\n", "      - id: how-cause\n        kind: item\n", "about-ipt.how-cause.kind: new: item"),
    "safety turned off": (WORDS, "safety: true", "safety: false", "safety: gone: True"),
    "the drawing": ("content/pictures/mood.svg", "<path", '<circle cx="1" cy="1" r="1"/><path', "picture-mood.drawing: changed"),
    "the drawing of an icon": ("content/pictures/area-death.svg", "<path", '<circle cx="1" cy="1" r="1"/><path', "area-death: "),
    "direction": (LOCALE, 'direction = "ltr"', 'direction = "rtl"', "locale.direction: ltr → rtl"),
    "digits": (LOCALE, "fonts =", 'digits = "٠١٢٣٤٥٦٧٨٩"\nfonts =', "locale.digits: new: ٠١٢٣٤٥٦٧٨٩"),
    "the name of the language": (LOCALE, 'autonym = "español"', 'autonym = "castellano"', "locale.autonym: español → castellano"),
    "a translation": (CATALOG, 'msgstr "En resumen"', 'msgstr "En breve"', "about-ipt.short: En resumen → En breve"),
    "the English": (HANDOUT, "heading: In short", "heading: In brief", "about-ipt.short: In short → In brief"),
    "a word on paper": ("templates/print.html", "</header>", "<p>Call us</p></header>", "printed: new: Call us"),
    "a word in an e-mail": ("templates/email.html", "<h1 ", "<p>Call us</p><h1 ", "printed: new: Call us"),
    "a word in plain text": ("templates/text.txt", '{{ say(words["crisis"]) }}', 'Call us\n{{ say(words["crisis"]) }}', "printed: new: Call us"),
    "a word under a condition": ("templates/parts.html", "{% if clinic %}", '{% if clinic and clinic.slug == "x" %}Call us{% endif %}{% if clinic %}', "parts.html: "),
    "help lines hidden": ("templates/print.css", ".crisis h2 {", ".crisis { display: none }\n.crisis h2 {", "style: new: .crisis { display: none }"),
    "help lines hidden in e-mail": ("templates/email.css", ".crisis {", ".crisis { display: none; ", "style: new: .crisis { display: none; direction: ltr }"),
    "help lines hidden with the English": ("templates/bilingual.css", ".heading {", ".crisis { font-size: 0 }\n.heading {", "style: new: .crisis { font-size: 0 }"),
    "a part left out": ("templates/print.html", '<p class="crisis-call">{{ say(words["crisis-call"]) }}</p>', "", "printed: gone: Si cree"),
    "a part hidden by an attribute": ("templates/print.html", '<div class="crisis">', '<div class="crisis" hidden>', "pdf standard: changed"),
}  # fmt: skip
# What leaves every word where it is: nobody has to sign again.
HARMLESS: dict[str, tuple[str, str, str]] = {
    "padding": ("templates/print.css", "padding: 1.4mm 3mm 1.2mm", "padding: 2.6mm 3mm 1.2mm"),
    "a colour": ("templates/tokens.toml", 'light = "#0b5563"', 'light = "#0b4563"'),
    "a note to translators": (HANDOUT, "The main message of the whole handout.", "The message."),
    "a source of a number": (REGION, "https://www.acma.gov.au/theACMA/", "https://www.acma.gov.au/"),
    "a font": (LOCALE, 'fonts = ["Noto Sans"]', 'fonts = ["Noto Sans", "Noto Serif"]'),
    "the month of reading": (REGION, "read: 2026-11", "read: 2026-10"),
    "another region": ("content/regions/nz.yaml", "free, brief support", "brief support"),
    "another locale": ("locales/ar/locale.toml", 'direction = "rtl"', 'direction = "ltr"'),
    "a clinic": ("content/clinics/example.yaml", "name: ", "name: New "),
    "a comment": ("templates/print.css", "/* No one can miss it", "/* Nobody can miss it"),
    "proofs": ("templates/proof.css", "table {", "table { display: none } table {"),
}


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, small: Path) -> Path:
    """Make a small project in which two people have signed the Spanish text for Australia."""
    root = few_of(small, tmp_path_factory.mktemp("signed") / "project")
    assert approve(root).state("about-ipt", "au", "es") == "approved"
    return root


@pytest.fixture
def edit(signed: Path) -> Iterator[Callable[[str, str, str], Approval]]:
    """Return a function that changes a file of the project and reads it; afterwards it is as it was."""
    before: dict[Path, str] = {}

    def change(file: str, old: str, new: str) -> Approval:
        path = signed / file
        before[path] = path.read_text(encoding="utf-8")
        assert old in before[path], f"{file} no longer holds {old!r}: this test guards nothing"
        path.write_text(before[path].replace(old, new, 1), encoding="utf-8")
        return loaded(signed)

    yield change
    for path, text in before.items():
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_is_changed_after_signing_takes_the_approval_away(
    edit: Callable[[str, str, str], Approval], name: str
) -> None:
    """And says which value, from what to what; what is put back is approved again."""
    file, old, new, told = CHANGES[name]
    approval = edit(file, old, new)
    assert approval.state("about-ipt", "au", "es") == "stale"
    (first, _) = approval.signatures("about-ipt", "au", "es")
    said = [str(change) for change in approval.changes_since(first, "es")]
    assert any(told in line for line in said), said


@pytest.mark.parametrize("name", HARMLESS)
def test_what_changes_no_word_takes_nothing_away(
    edit: Callable[[str, str, str], Approval], name: str
) -> None:
    """Nobody signs again for the look of a page, or for another text."""
    assert edit(*HARMLESS[name]).state("about-ipt", "au", "es") == "approved"


def test_help_lines_in_another_order_are_another_text(signed: Path) -> None:
    """The first number is the one that is called."""
    path = signed / REGION
    before = path.read_text(encoding="utf-8")
    lines = LIFELINE + SOURCE
    assert lines in before
    path.write_text(before.replace(lines, "").replace("links:", f"{lines}links:"), encoding="utf-8")
    approval = loaded(signed)
    path.write_text(before, encoding="utf-8")
    assert approval.state("about-ipt", "au", "es") == "stale"
    (first, _) = approval.signatures("about-ipt", "au", "es")
    order = "region-au.lines: lifeline, emergency, interpreter → emergency, interpreter, lifeline"
    assert order in map(str, approval.changes_since(first, "es"))


@pytest.mark.parametrize("own_facts", [True, False])
def test_signatures_copied_to_another_locale_approve_nothing(
    tmp_path: Path, small: Path, *, own_facts: bool
) -> None:
    """Neither a whole copy of a folder under another tag nor the texts and signatures put beside facts of another."""
    root = few_of(small, tmp_path / "project")
    approve(root)
    facts = (root / "locales/ar/locale.toml").read_text(encoding="utf-8")
    shutil.rmtree(root / "locales/ar")
    shutil.copytree(root / "locales/es", root / "locales/ar")
    if own_facts:
        (root / "locales/ar/locale.toml").write_text(facts, encoding="utf-8")
    approval = loaded(root)
    assert approval.state("about-ipt", "au", "es") == "approved"
    assert approval.state("about-ipt", "au", "ar") == "stale"
    told = [str(c) for c in approval.changes_since(approval.signatures("about-ipt", "au", "ar")[0], "ar")]
    assert "locale.tag: es → ar" in told


def test_an_empty_locale_with_signatures_of_the_english_is_not_reviewed(tmp_path: Path, small: Path) -> None:
    """What was signed is English, in English."""
    root = few_of(small, tmp_path / "project")
    assert approve(root, "en").state("about-ipt", "au", "en") == "approved"
    shutil.copytree(root / "locales/en/signed", root / "locales/ar/signed")
    text = (root / "locales/en/reviews.toml").read_text(encoding="utf-8")
    (root / "locales/ar/reviews.toml").write_text(text.replace("[]", '["T"]'), encoding="utf-8")
    (root / "locales/ar/handouts.po").write_text('msgid ""\nmsgstr ""\n', encoding="utf-8")
    approval = loaded(root)
    assert approval.counting("about-ipt", "au", "ar") == ()
    assert approval.state("about-ipt", "au", "ar") == "stale"


def test_nothing_is_composed_where_nothing_is_signed(
    sources: Sources, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build of drafts costs what it did."""

    def never(*_: object) -> tuple[()]:
        raise AssertionError

    monkeypatch.setattr("handouts.page.approval.page_rows", never)
    approval = Approval(sources, look)
    states = {approval.state(slug, "au", tag) for slug in sources.content.drafts for tag in sources.locales}
    assert states == {"draft"}


def test_the_state_follows_from_signatures_that_count(sources: Sources, look: Look) -> None:
    """Of this handout, region and locale; why others do not count is said."""
    bare = Approval(sources, look)
    first, second = signature(bare), signature(bare, kind="clinical")
    approval = with_signatures(bare, "es", first, second)
    assert approval.state("about-ipt", "au", "es") == "approved"
    assert approval.state("about-ipt", "nz", "es") == "draft"
    assert approval.counting("about-ipt", "au", "es") == (first, second)
    assert approval.still_missing("about-ipt", "au", "es") == (SOURCE_UNSIGNED,)
    half = with_signatures(bare, "es", first)
    assert half.state("about-ipt", "au", "es") == "reviewed"
    assert half.still_missing("about-ipt", "au", "es") == ("a clinician other than Ana R and the translator",)
    own = with_signatures(bare, "es", replace(first, reviewer="machine draft"))
    assert own.state("about-ipt", "au", "es") == "draft"
    assert own.why_not(own.signatures("about-ipt", "au", "es")[0], "es") == "the reviewer translated it"


def test_an_approved_translation_is_a_draft_while_its_english_is_not(tmp_path: Path, small: Path) -> None:
    """It was made from that, and stands beside it; the English waits for no translation."""
    root = few_of(small, tmp_path / "project")
    confirm(root)
    alone = approve(root, english=False)
    assert alone.state("about-ipt", "au", "es") == "approved"
    assert {page.state for page in plan(alone, Choice(("es",), ("about-ipt",)))} == {"reviewed"}
    both = approve(root, "en")
    chosen = Choice(("en", "es"), ("about-ipt",))
    assert {page.state for page in plan(both, chosen)} == {"approved"}
    assert both.still_missing("about-ipt", "au", "es") == ()


def test_an_approved_text_is_a_draft_while_one_number_of_its_place_is_unconfirmed(
    tmp_path: Path, small: Path
) -> None:
    """A clinic's own too; the imprint says how far it is, the crisis box says nothing of it."""
    root = few_of(small, tmp_path / "project")
    clinic = Choice(("es",), ("about-ipt",), ("text",), clinics=("example",))

    def made(approval: Approval) -> tuple[str, str, str]:
        (page,) = plan(approval, clinic)
        text = compose(page, approval.look)
        crisis, _, rest = text.partition("En resumen")
        assert "confirmado" not in crisis
        return page.state, page.numbers.state, rest

    approve(root)
    state, numbers, text = made(loaded(root))
    assert (state, numbers) == ("reviewed", "unconfirmed")
    assert "Nadie ha confirmado todavía" in text
    state, numbers, text = made(confirm(root))
    assert (state, numbers) == ("reviewed", "partly-confirmed")
    assert "ha confirmado algunos de los números, pero no todos" in text
    assert loaded(root).numbers(Place("au")).state == "confirmed"
    state, numbers, text = made(confirm(root, clinic="example"))
    assert (state, numbers) == ("approved", "confirmed")
    assert "ha confirmado todos los números de teléfono que figuran aquí, en noviembre de 2026" in text
    assert "leímos los números" not in text


def test_confirming_a_number_again_leaves_every_text_approved(tmp_path: Path, small: Path) -> None:
    """Numbers are rung every year, and nobody reads the texts again for it."""
    root = few_of(small, tmp_path / "project")
    approve(root)
    before = confirm(root)
    after = confirm(root, clinic="example", by="Ann Lee")
    assert before.digest("about-ipt", "au", "es") == after.digest("about-ipt", "au", "es")
    assert after.state("about-ipt", "au", "es") == "approved"


def test_what_a_clinic_says_itself_is_under_no_signature_and_its_numbers_are_confirmed(
    sources: Sources, look: Look
) -> None:
    """Its note, its addresses and its colour change nothing that people signed; a number to book by is rung as any other."""
    clinic = sources.content.clinics["example"]
    changed = replace(
        clinic,
        notes={"en": "Ring twice."},
        site="https://clinic.example/h",
        accent="#222222",
        booking="02 5550 0177",
    )
    before, after = (
        Approval(replace(sources, content=replace(sources.content, clinics={"example": each})), look)
        for each in (clinic, changed)
    )
    assert before.rows("about-ipt", "au", "en") == after.rows("about-ipt", "au", "en")
    place = Place("au", "example")
    assert {each.id for each in after.unconfirmed(place)} - {
        each.id for each in before.unconfirmed(place)
    } == {"02 5550 0177"}
