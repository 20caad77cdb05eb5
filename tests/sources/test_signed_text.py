"""What a signature is of: the digest of its rows, the record of them, and what has changed since."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.sources.signed_text import Change, Record, Row, changes, digest_of, record_from

ROWS: tuple[Row, ...] = (
    ("value", "locale.tag", "es"),
    ("message", "about-ipt.lead", "IPT **helps** you, {name}.", "La IPT **ayuda**, {name}."),
    ("value", "region-au.lifeline.call", "13 11 14"),
    ("value", "region-au.lines", "lifeline, emergency"),
    ("value", "picture-mood.drawing", f"sha256 {'0' * 64}"),
    ("style", ".crisis { direction: ltr }"),
    ("printed", "Llame al 13 11 14"),
    ("printed", "tel:131114"),
    ("printed", "La IPT ayuda, Ana."),
    ("page", "pdf standard", f"sha256 {'a' * 64}"),
)
rows_of = st.lists(st.lists(st.text(), min_size=2, max_size=4).map(tuple), max_size=6)


@given(rows_of, rows_of)
def test_other_rows_have_another_digest(one: list[Row], other: list[Row]) -> None:
    """Whatever is moved from one row or part into the next; only the encoding of accents makes no difference."""

    def composed(rows: list[Row]) -> list[Row]:
        return [tuple(unicodedata.normalize("NFC", part) for part in row) for row in rows]

    assert (digest_of(one) == digest_of(other)) == (composed(one) == composed(other))
    assert digest_of(composed(one)) == digest_of(one)
    assert len(digest_of(one)) == 32


def test_the_order_of_rows_matters() -> None:
    """Two help lines that change places are another text."""
    assert digest_of(reversed(ROWS)) != digest_of(ROWS)


def test_a_record_is_read_back_as_it_was_written() -> None:
    """With the signatures that were given; a row stands on a line of its own."""
    record = Record(ROWS, ({"reviewer": "Ana", "translators": ["t"]},))
    text = record.text()
    assert record_from(text, digest_of(ROWS)) == record
    assert len(text.splitlines()) > len(ROWS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "1",
        '{"rows": 1, "signatures": []}',
        '{"rows": [[1, 2]], "signatures": []}',
        "[" * 100_000,
        Record(ROWS[1:]).text(),
        Record((("value", "x"), *ROWS)).text(),
        '{"rows": [], "signatures": [1]}',
    ],
)
def test_a_record_that_is_not_of_its_digest_is_none(text: str) -> None:
    """What was edited by hand cannot say what was signed."""
    assert record_from(text, digest_of(ROWS)) is None


def altered(name: str, *values: str) -> tuple[Row, ...]:
    """Return the rows with other values for a name, or without it."""
    return tuple((*row[:2], *values) if row[1] == name else row for row in ROWS if row[1] != name or values)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (altered("region-au.lifeline.call", "13 11 15"), ["region-au.lifeline.call: 13 11 14 → 13 11 15"]),
        (altered("region-au.lifeline.call", ""), ["region-au.lifeline.call: 13 11 14 → nothing"]),
        (
            altered("region-au.lines", "emergency, lifeline"),
            ["region-au.lines: lifeline, emergency → emergency, lifeline"],
        ),
        (altered("region-au.lines"), ["region-au.lines: gone: lifeline, emergency"]),
        (altered("locale.tag", "ar"), ["locale.tag: es → ar"]),
        (altered("picture-mood.drawing", f"sha256 {'1' * 64}"), ["picture-mood.drawing: changed"]),
        ((*ROWS, ("value", "region-au.fax", "1")), ["region-au.fax: new: 1"]),
        ((*ROWS, ("style", ".crisis { display: none }")), ["style: new: .crisis { display: none }"]),
        ((*ROWS, ("printed", "Call us")), ["printed: new: Call us"]),
        ((*ROWS[:6], *ROWS[7:]), ["printed: gone: Llame al 13 11 14"]),
        (altered("pdf standard", f"sha256 {'b' * 64}"), ["pdf standard: changed"]),
        (ROWS, []),
    ],
)
def test_a_change_says_from_what_to_what(now: tuple[Row, ...], told: list[str]) -> None:
    """By the name of the value, as a person reads it."""
    assert [str(change) for change in changes(ROWS, now)] == told


def test_a_message_says_which_of_its_languages_changed() -> None:
    """And both texts are there, then and now."""
    lead = ROWS[1]
    (english,) = changes(ROWS, altered(lead[1], "IPT helps.", lead[3]))
    assert (english.what, str(english)) == ("the English changed", f"{lead[1]}: {lead[2]} → IPT helps.")
    (translation,) = changes(ROWS, altered(lead[1], lead[2], "Ayuda."))
    assert translation == Change(lead[1], "the translation changed", lead[2:], (lead[2], "Ayuda."))
    assert str(translation) == f"{lead[1]}: {lead[3]} → Ayuda."


def test_what_is_printed_otherwise_is_told_where_no_value_says_why() -> None:
    """A number that changes is told once, and not for every page and line that it is printed on."""
    now = list(altered("region-au.lifeline.call", "13 11 15"))
    now[6:8] = [("printed", "Llame al 13 11 15"), ("printed", "tel:131115")]
    now[-1] = ("page", "pdf standard", "b" * 64)
    assert [change.id for change in changes(ROWS, now)] == ["region-au.lifeline.call"]
    now.append(("printed", "Or call us"))
    assert [change.id for change in changes(ROWS, now)] == ["region-au.lifeline.call", "printed"]


def test_marks_of_a_message_do_not_hide_that_it_explains_a_line() -> None:
    """It is printed without its stars, and with something put in."""
    now = list(altered("about-ipt.lead", ROWS[1][2], "La IPT *sirve*, {name}."))
    now[8] = ("printed", "La IPT sirve, Ana.")
    assert [change.id for change in changes(ROWS, now)] == ["about-ipt.lead"]


def test_a_record_with_one_more_signature_has_the_same_text() -> None:
    """Signatures are beside the rows: who signs first does not change what the second one signs."""
    record = Record(ROWS)
    more = replace(record, signatures=({"reviewer": "B"},))
    assert record_from(more.text(), digest_of(ROWS)) == more
