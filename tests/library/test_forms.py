"""A form is made once, kept in memory and in the cache, and not believed where it was damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.library import forms
from handouts.library.cache import FORMS, MOST_FORMS, prune
from handouts.library.forms import Blank, Laid, blank_of, packed, unpacked
from handouts.pdf.exact.boxes import Slot
from handouts.pdf.stamped import Form

BLANK = Blank(
    Form(b"%PDF", (Slot("box", 0, 1.5, 2.5, 30.0, 12.0, is_drawn=True),)),
    Laid(help_early=True, parting=("long",)),
    3,
)
NONE = Blank(None, Laid(help_early=True))


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remember no form of another test."""
    monkeypatch.setattr(forms, "_latest", type(forms._latest)())


def made_by(blank: Blank, calls: list[Blank]) -> Blank:
    """Note that a form was made."""
    calls.append(blank)
    return blank


@pytest.mark.parametrize("blank", [BLANK, NONE])
def test_a_form_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blank: Blank) -> None:
    """Another process finds it in the cache; another key is another form."""
    calls: list[Blank] = []
    for _ in range(2):
        assert blank_of(tmp_path, "one", lambda: made_by(blank, calls)) == blank
    monkeypatch.setattr(forms, "_latest", type(forms._latest)())
    assert blank_of(tmp_path, "one", lambda: made_by(blank, calls)) == blank
    assert len(calls) == 1
    blank_of(tmp_path, "two", lambda: made_by(blank, calls))
    assert len(calls) == 2


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{}",
        b"[]\n%PDF",
        packed("one", BLANK)[:-1],
        packed("one", BLANK).replace(b"2.5", b"9.5"),  # where a box stands
        packed("other", BLANK),
    ],
)
def test_what_was_damaged_is_made_again(tmp_path: Path, damage: bytes) -> None:
    """Half a file, another's, or no facts."""
    assert unpacked("one", packed("one", BLANK)) == BLANK
    assert unpacked("one", damage) is None
    (tmp_path / FORMS).mkdir()
    (tmp_path / FORMS / "one").write_bytes(damage)
    calls: list[Blank] = []
    assert blank_of(tmp_path, "one", lambda: made_by(BLANK, calls)) == BLANK
    assert len(calls) == 1


def test_a_cache_that_cannot_be_written_costs_time_alone(tmp_path: Path) -> None:
    """The form is made all the same."""
    (tmp_path / "file").write_text("")
    assert blank_of(tmp_path / "file", "one", lambda: BLANK) == BLANK


def test_forms_do_not_fill_memory_or_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the latest are kept."""
    for number in range(forms.IN_MEMORY + 3):
        blank_of(tmp_path, str(number), lambda: BLANK)
    assert len(forms._latest) == forms.IN_MEMORY
    monkeypatch.setattr("handouts.library.cache.MOST_FORMS", 2)
    assert MOST_FORMS > 2
    prune(tmp_path)
    assert len(list((tmp_path / FORMS).iterdir())) == 2
