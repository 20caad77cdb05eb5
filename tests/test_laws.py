"""The laws of the design, tried on made-up input."""

from __future__ import annotations

import string
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts import markup
from handouts.checks import exactness
from handouts.checks.readability import grade
from handouts.model import Block, Handout
from handouts.page import colours
from handouts.page.references import Mark
from handouts.page.values import PDI, Value, value
from handouts.page.writers import MailWriter, PrintWriter, TextWriter, write
from handouts.sources.catalogs import Catalog, Message
from handouts.sources.load import Sources
from handouts.sources.locales import likely, match_locale
from handouts.sources.reviews import review_state
from handouts.sources.signed_text import text_digest
from handouts.sources.translate import translate

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)
TAGS = st.from_regex(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?", fullmatch=True)


@pytest.fixture(scope="module")
def handout(sources: Sources) -> Handout:
    """Return the first handout, for Australia."""
    return sources.content.handout("about-ipt", "au")


def catalog_of(handout: Handout, text: str = "x {}") -> Catalog:
    """Return a catalog that translates every block of a handout."""
    return Catalog(
        "x.po", {b.id: Message(b.id, b.text, text.format(b.text)) for b in handout.blocks() if b.text}
    )


def test_mapping_with_identity_changes_nothing(handout: Handout) -> None:
    """`map_text(identity)` gives the same handout."""
    assert handout.map_text(lambda block: block) == handout
    assert len(handout.blocks()) > 80


def test_extracting_and_translating_meet_the_same_words_in_the_same_order(
    handout: Handout, sources: Sources
) -> None:
    """What a translator is given is what is translated, block by block."""
    got = translate(handout, catalog_of(handout), sources.locales["es"], approved=True)
    assert [b.text for b in got.handout.blocks() if b.text] == [
        f"x {b.text}" for b in handout.blocks() if b.text
    ]
    assert not got.missing
    assert not got.fuzzy


@given(at=st.integers(0, 10_000), letter=st.sampled_from(string.ascii_letters))
def test_one_edited_character_changes_the_digest(handout: Handout, at: int, letter: str) -> None:
    """The digest depends on every message, and on nothing else."""
    catalog = catalog_of(handout)
    ids = list(catalog.messages)
    chosen = ids[at % len(ids)]
    edited = dict(catalog.messages)
    edited[chosen] = replace(edited[chosen], text=edited[chosen].text + letter)
    assert text_digest(handout, Catalog("x.po", edited)) != text_digest(handout, catalog)
    moved = {i: replace(catalog.messages[i], line=at) for i in reversed(ids)}
    assert text_digest(handout, Catalog("other.po", moved)) == text_digest(handout, catalog)


def test_the_digest_is_that_of_the_letters_not_of_their_encoding(handout: Handout) -> None:
    """A catalog saved in decomposed Unicode is the same text."""
    composed, apart = (catalog_of(handout, unicodedata.normalize(form, "é{}")) for form in ("NFC", "NFD"))
    assert text_digest(handout, composed) == text_digest(handout, apart)


@given(TEXT)
def test_no_message_can_write_html(sources: Sources, text: str) -> None:
    """Whatever a message holds, the page gets no element and no attribute that markup does not give."""
    to = PrintWriter(sources.locales["es"])
    names = markup.found(text, "placeholder")
    html = write(
        text,
        to,
        {n: Value("v", "ltr") for n in names},
        dict.fromkeys(markup.found(text, "citation"), Mark(1, "1")),
    )
    left = html
    for allowed in (
        "<strong>",
        "</strong>",
        "<em>",
        "</em>",
        "</a>",
        "</bdi>",
        "</sup>",
        '<sup class="cite">',
    ):
        left = left.replace(allowed, "")
    tags = [part.split(">")[0] for part in left.split("<")[1:]]
    assert all(tag.startswith(('a href="', 'bdi dir="')) for tag in tags)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_every_value_is_isolated_once(sources: Sources, text: str) -> None:
    """A value keeps its own order whatever stands around it, in every format."""
    given_value = value(text)
    spanish = sources.locales["es"]
    assert PrintWriter(spanish).value(given_value).count('<bdi dir="') == 1
    assert MailWriter(spanish).value(given_value).count(PDI) >= 1
    assert TextWriter("rtl").value(given_value).endswith(PDI)


@given(TAGS, st.sets(TAGS, max_size=8))
def test_a_locale_is_never_matched_across_scripts(tag: str, available: set[str]) -> None:
    """A reader gets the same language in the same script, or nothing."""
    found = match_locale(tag, available)
    assert found is None or likely(found) == likely(tag)
    assert found in {None, *available}


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("es-MX", "es"),
        ("en-NZ", "en"),
        ("fa-AF", "fa"),
        ("pa-Arab", None),
        ("sr", None),
    ],
)
def test_locales_match_as_people_expect(sources: Sources, tag: str, found: str | None) -> None:
    """China and Singapore read Simplified, Taiwan and Hong Kong Traditional; no one is given another script."""
    assert match_locale(tag, sources.locales) == found


@given(st.lists(st.integers(0, 99_999), max_size=5), st.sampled_from("0٠०۰๐"))
def test_numbers_are_the_same_in_every_digit_script(numbers: list[int], zero: str) -> None:
    """14,587 and ١٤٥٨٧ are one number."""
    plain = " x ".join(map(str, numbers))
    own = plain.translate({ord(str(n)): chr(ord(zero) + n) for n in range(10)})
    assert exactness.numbers(plain) == exactness.numbers(own)


@pytest.mark.parametrize(
    "written", ["14,587", "14.587", "14 587", "14\u00a0587", "14\u202f587", "14587", "١٤٬٥٨٧"]
)
def test_thousands_may_be_written_as_each_language_does(written: str) -> None:
    """The mark between thousands is the translator's."""
    assert exactness.numbers(written) == exactness.numbers("14587")


@given(TEXT)
def test_marks_are_parsed_without_losing_a_word(text: str) -> None:
    """Parsing takes marks away and nothing else."""
    words = "".join(n.value for n in markup.parse(text) if n.kind == "text")
    assert words == markup.TOKEN.sub("", text)
    if not set(text) & set("*[]{}"):
        assert markup.plain(text) == text


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_contrast_is_symmetric_and_bounded(one: str, other: str) -> None:
    """Contrast lies between 1 and 21, whichever colour is named first."""
    assert colours.contrast(one, other) == colours.contrast(other, one)
    assert colours.contrast(one, other) >= 1
    assert colours.contrast(one, other) <= 21


def test_contrast_of_black_on_white_is_21() -> None:
    """The end of the scale (WCAG 2.2)."""
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)


def test_longer_sentences_and_words_read_harder() -> None:
    """The grade tells plain text from hard text."""
    plain = grade(["We can help you. You can call us."])
    hard = grade(
        ["Interpersonal psychotherapy demonstrates considerable effectiveness notwithstanding heterogeneity."]
    )
    assert plain < 3
    assert hard > 12


def test_a_handout_without_a_message_prints_its_english_and_says_so(
    handout: Handout, sources: Sources
) -> None:
    """A missing, fuzzy or outdated message prints the English, marked as English."""
    catalog = catalog_of(handout)
    messages = dict(catalog.messages)
    gone, fuzzy, old = "about-ipt.lead", "about-ipt.title", "about-ipt.subtitle"
    del messages[gone]
    messages[fuzzy] = replace(messages[fuzzy], fuzzy=True)
    messages[old] = replace(messages[old], source="another English")
    got = translate(handout, Catalog("x.po", messages), sources.locales["ar"], approved=False)
    assert got.missing == (gone,)
    assert set(got.fuzzy) == {fuzzy, old}
    assert got.handout.lead == handout.lead
    assert got.handout.title.lang == "en"


def test_an_unapproved_safety_block_carries_its_english(handout: Handout, sources: Sources) -> None:
    """Until a translation is approved, crisis text prints in both languages."""
    for approved in (False, True):
        got = translate(handout, catalog_of(handout), sources.locales["ar"], approved=approved).handout
        safe = [b for b in got.blocks() if b.safety]
        assert len(safe) >= 8
        assert all(bool(block.english) is not approved for block in safe)
        assert not any(block.english for block in got.blocks() if not block.safety)


def test_blocks_know_whether_they_hold_safety_text(sources: Sources) -> None:
    """Whatever stands in the crisis box is a safety block: its heading, its words, its help lines."""
    for region in sources.content.regions.values():
        for line in region.lines:
            assert line.name.safety
            assert line.about.safety
    assert sources.content.words["crisis"].safety
    assert sources.content.words["crisis-call"].safety


def test_an_unsigned_text_is_a_draft(handout: Handout, sources: Sources) -> None:
    """Without a signature the state is draft; without a translation it is missing."""
    spanish = sources.locales["es"]
    assert review_state(handout, spanish, catalog_of(handout), ()) == "draft"
    assert review_state(handout, spanish, Catalog("x.po", {}), ()) == "missing"
    assert review_state(handout, sources.locales["en"], None, ()) == "draft"


def test_blocks_have_ids_for_ever(sources: Sources) -> None:
    """Every block's id is unique, and names the file its English stands in."""
    blocks = sources.blocks()
    assert all(isinstance(block, Block) and block.id == key for key, block in blocks.items())
