"""How everything looks is read once, and what is wrong with it is told with its place."""

from __future__ import annotations

import pickle
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from handouts.problems import Problem
from handouts.sources.look import TOKENS, Look, load_look
from tests.conftest import ROOT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a folder with a copy of the templates, to spoil."""
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    return tmp_path


def the_problem(root: Path, **environ: str) -> Problem:
    """Return the one problem of a look."""
    _, problems = load_look(root, environ)
    (problem,) = problems
    return problem


def test_it_holds_what_stands_in_the_folder(look: Look) -> None:
    """Every template by its name, every colour in light and dark, every version that decides a page."""
    files = {path.name for path in (ROOT / "templates").iterdir()}
    assert set(look.templates) == files
    assert look.templates["print.css"] == (ROOT / "templates/print.css").read_text(encoding="utf-8")
    assert look.tokens["ink"].light.startswith("#")
    assert set(look.tokens["ink"].on) <= set(look.tokens)
    assert {"python", "weasyprint", "libpango-1.0.so.0", "libharfbuzz.so.0"} <= set(look.versions)
    assert all(look.versions.values())
    assert len(look.code) == 64


def test_what_an_editor_leaves_behind_is_passed_over(root: Path) -> None:
    """Emacs makes a dangling link beside a file that is open, and keeps a copy with a tilde."""
    before, _ = load_look(root, {})
    (root / "templates/.#print.css").symlink_to("nobody@nowhere.1")
    (root / "templates/print.css~").write_bytes(b"\xff")
    assert load_look(root, {}) == (before, [])


def test_equal_looks_are_one_look_also_in_another_process(look: Look) -> None:
    """So that templates are compiled once in a worker, however often it is sent the look."""
    sent = pickle.loads(pickle.dumps(look))  # noqa: S301 - our own
    assert sent == look
    assert hash(sent) == hash(look)
    assert replace(look, templates={**look.templates, "print.css": ""}) != look


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ('[ink]\nlight = "#1d2b30', "invalid-toml", "not valid TOML"),
        ('[ink]\nlight = "#1d2b30"\n', "missing-key", "the key “dark” is missing"),
        ('[ink]\nlight = "#1D2B30"\ndark = "#ffffff"\n', "invalid-colour", "this is not a colour"),
        (
            '[ink]\nlight = "#1d2b30"\ndark = "#ffffff"\non = ["sky"]\n',
            "unknown-choice",
            "“sky” is not known",
        ),
        ('ink = "#1d2b30"\n', "mapping-expected", "keys with values"),
        ("# nothing\n", "empty-file", "no colour in it"),
    ],
)
def test_colours_that_cannot_be_used_are_told(root: Path, text: str, code: str, says: str) -> None:
    """A page with half its colours is never made; the problem names the file, and the colour."""
    (root / TOKENS).write_text(text, encoding="utf-8")
    look, problems = load_look(root, {})
    assert {(problem.code, problem.file) for problem in problems} == {(code, TOKENS)}
    assert says in problems[0].what
    assert not look.tokens


def test_a_template_that_cannot_be_read_is_told(root: Path) -> None:
    """With its line, before anything is made."""
    (root / "templates/print.css").write_bytes(b"/* plain */\n/* \xff */\n")
    problem = the_problem(root)
    assert (problem.code, problem.file, problem.line) == ("file-not-utf8", "templates/print.css", 2)


def test_a_file_is_dated_by_its_edition_or_by_source_date_epoch(root: Path) -> None:
    """The clock is never asked: the same sources give the same date on every day."""
    assert load_look(root, {})[0].created("2026-11") == "2026-11-01"
    look, problems = load_look(root, {"SOURCE_DATE_EPOCH": "1700000000"})
    assert not problems
    assert look.created("2026-11") == "2023-11-14T22:13:20Z"


@pytest.mark.parametrize("seconds", ["yesterday", "-1", "1e9", "١٧", "9" * 12, "9" * 40])
def test_a_source_date_epoch_that_says_no_time_is_told(root: Path, seconds: str) -> None:
    """It is not passed over, or a reproducible build would silently be another one."""
    problem = the_problem(root, SOURCE_DATE_EPOCH=seconds)
    assert (problem.code, problem.where) == ("invalid-date", "SOURCE_DATE_EPOCH")
