"""Confirmations: rows of a file, each with the record of what it is of, and what they are worth today."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from handouts.model import Place
from handouts.sources.confirmations import confirmation_faults, confirmation_row, counting, told_row
from handouts.sources.contacts import Contact, contacts_of
from handouts.sources.load import load_sources
from handouts.workbench.confirming import new_confirmation
from tests.signed import DAY, TODAY, confirm, few_of, loaded

CALL = '    call: "13 11 14"\n'
FILE = "content/confirmed/au.toml"


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory, small: Path) -> Path:
    """Make a small project in which a person has confirmed every number of Australia."""
    root = few_of(small, tmp_path_factory.mktemp("confirmed") / "project", ("en",))
    assert confirm(root).numbers(Place("au")).state == "confirmed"
    return root


@pytest.fixture
def root(once: Path, tmp_path: Path) -> Path:
    """Return a copy of it that a test may change."""
    return Path(shutil.copytree(once, tmp_path / "project"))


def edit(root: Path, file: str, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = (root / file).read_text(encoding="utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def lifeline(root: Path) -> Contact:
    """Return the first line of Australia as it is now."""
    return contacts_of(loaded(root).sources.content, Place("au"))[0]


def test_a_confirmation_keeps_what_it_is_of(root: Path) -> None:
    """A record holds the row that its file holds, and the values that it is of."""
    given = loaded(root).sources.confirmations["au"]
    assert [each.line for each in given] == ["lifeline", "emergency", "interpreter"]
    assert {(each.by, each.on) for each in given} == {("Lan Pham", DAY)}
    for each in given:
        assert each.record
        assert confirmation_row(each) in each.record.signatures
    assert given[0].record
    assert ("value", "region-au.lifeline.call", "13 11 14") in given[0].record.rows


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('call: "13 11 14"', 'call: "13 11 15"'),
        ('    text: "0477 13 11 14"\n', ""),
        ("about: 24 hours a day", "about: by day"),
        ("name: Lifeline", "name: Life line"),
    ],
)
def test_what_is_changed_is_confirmed_no_longer(root: Path, old: str, new: str) -> None:
    """One digit is enough; put back, it is confirmed again."""
    edit(root, "content/regions/au.yaml", old, new)
    approval = loaded(root)
    assert [each.id for each in approval.unconfirmed(Place("au"))] == ["lifeline"]
    assert approval.numbers(Place("au")).state == "partly-confirmed"
    edit(root, "content/regions/au.yaml", new or CALL, old if new else f"{CALL}{old}")
    assert loaded(root).unconfirmed(Place("au")) == ()


def test_the_source_of_a_number_may_be_read_again(root: Path) -> None:
    """Where it was read is not what was rung."""
    edit(
        root,
        "content/regions/au.yaml",
        "dated: 2022-02\n    read: 2026-11",
        "dated: 2026-01\n    read: 2026-12",
    )
    assert loaded(root).numbers(Place("au")).state == "confirmed"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('by = "Lan Pham"', 'by = "Ann Lee"', "signature-changed"),
        ("on = 2026-11-20", "on = 2026-11-21", "signature-changed"),
        ('line = "lifeline"', 'line = "emergency"', "signature-changed"),
        ('text = "', 'text = "0', "invalid-digest"),
        ("on = 2026-11-20", "on = 2027-11-20", "date-in-future"),
        ('by = "Lan Pham"', 'by = "…"', "invalid-name"),
        ('by = "Lan Pham"\n', "", "missing-key"),
    ],
)
def test_a_row_that_is_not_what_was_confirmed_counts_for_nothing(
    root: Path, old: str, new: str, code: str
) -> None:
    """It is told, and touches its region alone."""
    edit(root, FILE, old, new)
    sources, problems = load_sources(root, TODAY)
    assert [(p.code, p.file, p.region, p.severity) for p in problems] == [(code, FILE, "au", "error")]
    (contact, *_) = contacts_of(sources.content, Place("au"))
    assert counting(contact, sources.confirmations["au"]) == ()


def test_a_confirmation_cannot_be_moved_to_another_number(root: Path) -> None:
    """Neither with the digest of another line, nor to another region, nor with a record that was changed."""
    given = loaded(root).sources.confirmations["au"]
    text = (root / FILE).read_text(encoding="utf-8")
    (root / FILE).write_text(text.replace(given[0].text, given[1].text), encoding="utf-8")
    _, problems = load_sources(root, TODAY)
    assert [problem.code for problem in problems] == ["signature-changed"]
    (root / FILE).write_text(text, encoding="utf-8")
    (root / "content/confirmed/nz.toml").write_text(text.replace("lifeline", "need-to-talk"))
    sources, _ = load_sources(root, TODAY)
    (contact, *_) = contacts_of(sources.content, Place("nz"))
    assert counting(contact, sources.confirmations["nz"]) == ()
    (root / "content/confirmed/nz.toml").unlink()
    edit(root, f"content/confirmed/signed/{given[0].text}.json", "13 11 14", "13 11 15")
    _, problems = load_sources(root, TODAY)
    assert [problem.code for problem in problems] == ["record-missing"]


def test_what_was_confirmed_more_than_a_year_ago_is_told_and_counts(root: Path) -> None:
    """The latest confirmation is the one that has an age."""
    sources, problems = load_sources(root, date(2027, 11, 21))
    assert problems == []
    sources, problems = load_sources(root, date(2027, 11, 22))
    assert {(p.code, p.severity, p.region) for p in problems} == {("confirmation-old", "warning", "au")}
    assert "Lifeline (13 11 14, 0477 13 11 14) was confirmed last on 2026-11-20" in problems[0].what
    assert "region confirm au lifeline --by NAME" in problems[0].fix
    assert counting(lifeline(root), sources.confirmations["au"])


def test_a_file_of_nothing_that_there_is_is_told(root: Path) -> None:
    """A place, or a line of it, may have been called otherwise."""
    edit(root, "content/regions/au.yaml", "id: lifeline", "id: helpline")
    edit(root, "content/regions/au.yaml", "on {lifeline}", "on {helpline}")
    (root / "content/confirmed/uk.toml").touch()
    _, problems = load_sources(root, TODAY)
    assert [(p.code, p.severity) for p in problems] == [
        ("unknown-line", "warning"),
        ("unknown-place", "warning"),
    ]


def test_a_confirmation_is_read_as_it_would_stand_in_its_file(root: Path) -> None:
    """Before it is written, too."""
    new = new_confirmation(lifeline(root), "  Ann   Lee ", DAY)
    assert (new.line, new.by) == ("lifeline", "Ann Lee")
    assert confirmation_faults(told_row(new), TODAY) == []
    (fault,) = confirmation_faults(told_row(new) | {"on": date(2026, 11, 28)}, TODAY)
    assert fault.code == "date-in-future"
