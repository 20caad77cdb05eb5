"""The inline markup of messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts import markup
from handouts.markup import Span

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)


@given(TEXT)
def test_marks_are_parsed_without_losing_a_word(text: str) -> None:
    """Parsing takes marks away and nothing else."""
    words = "".join(n.value for n in markup.parse_markup(text) if n.kind == "text")
    assert words == markup.MARKUP_TOKEN.sub("", text)
    if not set(text) & set("*[]{}"):
        assert markup.plain(text) == text


def test_every_mark_is_a_node() -> None:
    """Strong, emphasis, link, placeholder and citation; a mark inside another is a child of it."""
    assert markup.parse_markup("a **b {name}** *c*[@id1] [d](https://e.org)") == (
        Span("text", "a "),
        Span("strong", "", (Span("text", "b "), Span("placeholder", "name"))),
        Span("text", " "),
        Span("emphasis", "", (Span("text", "c"),)),
        Span("citation", "id1"),
        Span("text", " "),
        Span("link", "https://e.org", (Span("text", "d"),)),
    )


def test_marks_of_one_kind_are_found_in_order() -> None:
    """Also those inside other marks, as often as they stand there."""
    assert markup.found("**{b}** {a} {b}", "placeholder") == ("b", "a", "b")


@pytest.mark.parametrize(
    ("text", "marks"),
    [("**open", ["*", "*"]), ("{Name}", ["{", "}"]), ("[@ id]", ["[@"]), ("5 * 3", ["*"]), ("**ok**", [])],
)
def test_a_mark_that_is_not_closed_is_told(text: str, marks: list[str]) -> None:
    """What looks like markup and is none would be printed as it is typed."""
    assert markup.leftovers(text) == marks


def test_words_are_changed_and_marks_are_not() -> None:
    """Placeholders, citations and addresses stay as they are, wherever they stand."""
    text = "go **now {name}** to [*us*](https://e.org/a)[@id1]"
    assert markup.map_words(text, str.upper) == "GO **NOW {name}** TO [*US*](https://e.org/a)[@id1]"


@given(TEXT)
def test_changing_no_word_changes_nothing(text: str) -> None:
    """`map_words(identity)` gives the same message."""
    assert markup.map_words(text, lambda words: words) == text


def test_plain_words_keep_placeholders() -> None:
    """A citation is no word; what a placeholder stands for is."""
    assert markup.plain("**Call {phone}** [now](https://e.org).[@id1]") == "Call {phone} now."


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://www.nice.org.uk/guidance/ng222", True),
        ("tel:+61131114", True),
        ("mailto:help@clinic.example", True),
        ("http://example.org", False),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ('https://a"onclick="x', False),
    ],
)
def test_only_addresses_that_do_no_harm_are_safe(url: str, *, safe: bool) -> None:
    """Encrypted pages, telephone numbers and mail addresses; nothing that runs, and no local file."""
    assert bool(markup.SAFE_URL.fullmatch(url)) is safe
