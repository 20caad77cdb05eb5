"""A fault of the program leaves a trace: every frame with its source line, and no value."""

from __future__ import annotations

import errno
import re
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from handouts.crashes import DIVIDER, KEPT, MOST_FRAMES, brought, crash_problem, record, recorded
from handouts.parallel import has_semaphores
from handouts.sources.yaml import read_yaml
from tests.test_parallel import NO_SEMAPHORES

PRIVATE = "ann@one.example"


def caught(function: object, *arguments: object) -> BaseException:
    """Return what a call raises."""
    try:
        function(*arguments)  # type: ignore[operator]
    except Exception as error:  # noqa: BLE001 - any
        return error
    raise AssertionError("nothing was raised")


def lookup(address: str) -> str:
    """Fail with a value in hand."""
    return {"known": "1"}[address]


def wrapped(address: str) -> None:
    """Fail because of another failure."""
    try:
        lookup(address)
    except KeyError as error:
        raise ValueError(f"nothing for {address}") from error


def endless(depth: int) -> int:
    """Never come back."""
    return endless(depth + 1) + 1


def test_a_trace_has_the_place_and_the_source_line_and_not_the_value(tmp_path: Path) -> None:
    """File below the project, line, function and what stands there; the type of the error, and not what it says."""
    file = record(caught(lookup, PRIVATE), tmp_path)
    text = file.read_text(encoding="utf-8")
    assert file == tmp_path / "fault.txt"
    assert re.search(
        r'tests/test_crashes\.py:\d+, in lookup\n    return \{"known": "1"\}\[address\]\nKeyError\n', text
    )
    assert PRIVATE not in text
    assert str(Path.home()) not in text
    assert str(Path(__file__).parent) not in text


def test_what_led_to_an_error_comes_before_it(tmp_path: Path) -> None:
    """The cause, then what was made of it; the values of neither."""
    text = record(caught(wrapped, PRIVATE), tmp_path).read_text(encoding="utf-8")
    assert text.index("KeyError") < text.index("which led to") < text.index("ValueError")
    assert PRIVATE not in text


def test_every_error_of_a_group_is_in_the_trace(tmp_path: Path) -> None:
    """Servers raise several at once."""
    group = BaseExceptionGroup(PRIVATE, [caught(lookup, PRIVATE), caught(int, PRIVATE)])
    text = record(group, tmp_path).read_text(encoding="utf-8")
    assert "KeyError\n" in text
    assert "ValueError\n" in text
    assert PRIVATE not in text


@pytest.mark.skipif(not has_semaphores(), reason=NO_SEMAPHORES)
def test_an_error_of_a_worker_has_the_frames_of_the_worker(tmp_path: Path) -> None:
    """They come over as text, with the value in its last line."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        error = caught(pool.submit(lookup, PRIVATE).result)
    assert PRIVATE in str(error.__cause__)
    text = record(error, tmp_path).read_text(encoding="utf-8")
    assert "tests/test_crashes.py" in text
    assert "in lookup" in text
    assert PRIVATE not in text


def test_frames_of_packages_and_of_python_are_named_without_the_home_of_anyone(tmp_path: Path) -> None:
    """A path may hold the name of a person; below the packages it is the same for everyone."""
    error = caught(read_yaml, "not a path", PRIVATE)
    text = record(error, tmp_path).read_text(encoding="utf-8")
    places = re.findall(r"^  (\S+):\d+, in ", text, re.MULTILINE)
    assert "handouts/sources/yaml.py" in places
    assert not [place for place in places if place.startswith("/")]


def test_an_endless_recursion_is_cut_in_the_middle(tmp_path: Path) -> None:
    """Its beginning and its end say enough."""
    text = record(caught(endless, 0), tmp_path).read_text(encoding="utf-8")
    assert text.count("in endless") <= MOST_FRAMES
    assert text.endswith("RecursionError\n")


def test_the_number_of_a_machines_refusal_is_kept(tmp_path: Path) -> None:
    """It says what was refused, and of which file it does not."""
    error = OSError(errno.ENOSPC, "No space left on device", "/home/ann/list.csv")
    assert record(error, tmp_path).read_text(encoding="utf-8").endswith("OSError ENOSPC\n")


def test_the_same_fault_again_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    """A bug that every rendition meets is one entry, the newest last; the file does not grow without end."""
    errors = [caught(lookup, PRIVATE), caught(wrapped, PRIVATE)]
    for error in (*errors, errors[0]):
        file = record(error, tmp_path)
    entries = file.read_text(encoding="utf-8").split(DIVIDER)
    assert [entry.split()[-1] for entry in entries] == ["ValueError", "KeyError"]
    for number in range(KEPT + 5):
        record(type(f"Error{number}", (Exception,), {})(), tmp_path)
    assert len(file.read_text(encoding="utf-8").split(DIVIDER)) == KEPT


def test_where_the_cache_cannot_be_written_the_file_is_a_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The problem names it in full."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    blocked = tmp_path / "file"
    blocked.touch()
    problem = crash_problem("build.py", caught(lookup, PRIVATE), blocked)
    (file,) = tmp_path.glob("handouts-fault-*.txt")
    assert str(file) in problem.fix
    assert file.stat().st_mode & 0o077 == 0


def test_the_problem_names_the_file_and_holds_no_value(tmp_path: Path) -> None:
    """Type and place; what the error says only where the caller knows that it can have nothing private."""
    cache = tmp_path / ".cache"
    problem = crash_problem("build.py", caught(lookup, PRIVATE), cache)
    assert (problem.code, problem.where) == ("program-fault", "build.py")
    assert re.search(r"KeyError at tests/test_crashes\.py:\d+\.$", problem.what)
    assert ".cache/fault.txt" in problem.fix
    assert PRIVATE not in str(problem)
    open_one = crash_problem("es/x.pdf", caught(int, "no number"), cache, message="what\nit said.")
    assert open_one.what.endswith(": what it said.")


def test_a_fault_on_a_full_disk_is_a_problem_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is raised from telling what was raised."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    (tmp_path / "file").touch()
    problem = crash_problem("build.py", caught(lookup, PRIVATE), tmp_path / "file")
    assert problem.code == "program-fault"
    assert "no room" in problem.fix


def test_the_traces_of_another_machine_are_brought_here(tmp_path: Path) -> None:
    """Its fault is reported with a file of this one; the same trace again stands there once, and what was there stays."""
    here, there = tmp_path / "here/.cache", tmp_path / "there/.cache"
    here.parent.mkdir()
    there.mkdir(parents=True)
    record(caught(wrapped, PRIVATE), here)
    problem = crash_problem("tcp://10.0.0.9:1", caught(lookup, PRIVATE), there)
    for _ in range(2):
        told = brought(problem, recorded(there), here)
    assert (told.where, told.what) == (problem.where, problem.what)
    assert "report this with .cache/fault.txt" in told.fix
    entries = recorded(here).split(DIVIDER)
    assert [entry.split()[-1] for entry in entries] == ["ValueError", "KeyError"]
    assert entries[-1] == recorded(there)


def test_a_machine_that_recorded_nothing_brings_nothing(tmp_path: Path) -> None:
    """Its disk is full, say; what it sends is told all the same."""
    assert recorded(tmp_path) == ""
    problem = crash_problem("there", caught(lookup, PRIVATE), tmp_path / "away")
    assert brought(problem, "", tmp_path / "here").what == problem.what
