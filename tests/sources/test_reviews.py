"""Signatures: what a row must say, and how the files of a locale are read."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from handouts.sources.reviews import Signature, load_records, load_signatures, row_faults, signature_row
from handouts.sources.signed_text import Record, digest_of, record_file

TODAY = date(2026, 11, 26)
ROW: dict[str, Any] = {
    "handout": "about-ipt",
    "region": "au",
    "kind": "language",
    "reviewer": "r1",
    "role": "accredited translator",
    "translators": ["t1"],
    "date": date(2026, 11, 23),
    "text": "0123456789abcdef",
}


def test_a_row_as_it_should_be_has_no_fault() -> None:
    """Also one of tomorrow, which it is already where the reviewer lives."""
    assert row_faults(ROW, TODAY) == []
    assert row_faults({**ROW, "date": date(2026, 11, 27)}, TODAY) == []
    assert row_faults({**ROW, "text": "0123456789abcdef" * 2}, TODAY) == []
    assert row_faults({**ROW, "translators": []}, TODAY, is_translation=False) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kind": "clinicall"}, "unknown-choice"),
        ({"kind": ["clinical"]}, "text-expected"),
        ({"reviewer": "."}, "invalid-name"),
        ({"reviewer": "B\x7fob"}, "invisible-character"),
        ({"role": 1}, "text-expected"),
        ({"text": "yes"}, "invalid-digest"),
        ({"text": 1234567890123456}, "text-expected"),
        ({"date": "23/11/2026"}, "invalid-date"),
        ({"date": datetime(2026, 11, 23)}, "invalid-date"),  # noqa: DTZ001 - as TOML may have it
        ({"date": date(2026, 11, 28)}, "date-in-future"),
        ({"date": date(1900, 1, 1)}, "date-too-early"),
        ({"text": "0123456789abcdef01234567"}, "invalid-digest"),
        ({"reviewer": "\u0410na R"}, "mixed-scripts"),
        ({"translators": ["\u0410na"]}, "mixed-scripts"),
        ({"translators": ["..."]}, "invalid-name"),
        ({"translators": []}, "missing-translator"),
        ({"translators": "t1"}, "list-expected"),
        ({"translators": [1]}, "text-expected"),
        ({"reviewr": "r1"}, "unknown-key"),
    ],
)
def test_a_row_that_says_too_little_is_told(changed: dict[str, Any], code: str) -> None:
    """A signature that cannot be read does not count, and no one is left in doubt why."""
    assert [fault.code for fault in row_faults({**ROW, **changed}, TODAY)] == [code]


@pytest.mark.parametrize("key", list(ROW))
def test_every_key_of_a_row_is_needed(key: str) -> None:
    """Who, what, when and of which text."""
    faults = row_faults({k: v for k, v in ROW.items() if k != key}, TODAY)
    assert [(fault.code, fault.what) for fault in faults] == [("missing-key", f"the key “{key}” is missing.")]


REVIEW = """
[[review]]
handout = "about-ipt"
region = "au"
kind = "language"
reviewer = "r1"
role = "accredited translator"
translators = ["t1"]
date = 2026-11-23
text = "0123456789abcdef"
"""


def test_signatures_are_read_in_the_order_of_their_file(tmp_path: Path) -> None:
    """A row with a fault is told with its line and left out; a locale without the file has none."""
    (tmp_path / "locales/es").mkdir(parents=True)
    rows = REVIEW + REVIEW.replace("language", "languag") + REVIEW.replace("r1", "r3")
    (tmp_path / "locales/es/reviews.toml").write_text(rows)
    signatures, problems = load_signatures(tmp_path, ["es", "ar"], TODAY)
    assert [s.reviewer for s in signatures["es"]] == ["r1", "r3"]
    assert signatures["es"][0].translators == ("t1",)
    assert signatures["ar"] == ()
    assert [(p.where, p.locale) for p in problems] == [("locales/es/reviews.toml:15", "es")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("review = 1", "list-expected"),
        ("review = [1]", "mapping-expected"),
        ("[[reviews]]", "unknown-key"),
        ("x =", "invalid-toml"),
    ],
)
def test_a_file_that_is_no_list_of_signatures_is_told(tmp_path: Path, text: str, code: str) -> None:
    """Nothing in it counts."""
    (tmp_path / "locales/es").mkdir(parents=True)
    (tmp_path / "locales/es/reviews.toml").write_text(text)
    signatures, problems = load_signatures(tmp_path, ["es"], TODAY)
    assert signatures == {"es": ()}
    assert [p.code for p in problems] == [code]


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    """It is no file that has not been written yet: signatures may have been lost with what it led to."""
    (tmp_path / "locales/es").mkdir(parents=True)
    (tmp_path / "locales/es/reviews.toml").symlink_to("gone.toml")
    _, problems = load_signatures(tmp_path, ["es"], TODAY)
    assert [(p.code, p.file) for p in problems] == [("file-missing", "locales/es/reviews.toml")]


def test_a_folder_is_no_list_of_signatures(tmp_path: Path) -> None:
    """It is told, and nothing counts."""
    (tmp_path / "locales/es/reviews.toml").mkdir(parents=True)
    signatures, problems = load_signatures(tmp_path, ["es"], TODAY)
    assert signatures == {"es": ()}
    assert [p.code for p in problems] == ["file-unreadable"]


def test_records_are_read_with_the_signatures(tmp_path: Path) -> None:
    """Those that are whole; of each digest that a signature names."""
    rows = (("value", "x", "1"),)
    path = tmp_path / record_file("locales/es", digest_of(rows))
    path.parent.mkdir(parents=True)
    signed = Signature(**{**ROW, "translators": ("t1",), "text": digest_of(rows)})
    record = Record(rows, (signature_row(signed),))
    path.write_text(record.text(), encoding="utf-8")
    lost = Signature(**{**ROW, "translators": ("t1",), "text": "0" * 32})
    assert load_records(tmp_path, {"es": (signed, lost), "ar": ()}) == {
        "es": {digest_of(rows): record},
        "ar": {},
    }
