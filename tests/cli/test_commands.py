"""The command line: what stands alone builds, what is misspelled is asked about, and no one is shown a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from handouts.cli import reading
from tests.conftest import ROOT, Project

PRIVATE = "ann@one.example"


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make reading the sources fail with a private value in hand."""

    def fail(*_: object) -> None:
        raise KeyError(PRIVATE)

    monkeypatch.setattr(reading, "load_sources", fail)


def test_without_a_command_it_builds(project: Project) -> None:
    """Options that stand alone are those of `build`."""
    ran = project.call("--locale", "es", "--handout", "about-ipt", "--format", "text")
    assert ran.code == 0, ran.err
    assert (project.root / "dist/au/es/about-ipt.txt").is_file()


def test_help_and_version_are_not_a_build(project: Project) -> None:
    """Every command is listed; the version stands alone."""
    ran = project.call("--help")
    assert ran.code == 0
    for name in (
        "build",
        "check",
        "doctor",
        "locale",
        "mail",
        "preview",
        "proof",
        "review",
        "status",
        "verify",
    ):
        assert f"\n  {name} " in ran.out
    assert "python3 build.py" in ran.out
    assert project.call("--version").out.strip().count(".") == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["chek"], "Did you mean “check”?"),
        (["mail", "resolve", "x" * 12], "--sent, --again or --bounced"),
        (["--papr", "a4"], "--papr"),
        (["--paper", "a5"], "a4"),
    ],
)
def test_wrong_usage_exits_with_2(project: Project, arguments: list[str], says: str) -> None:
    """With what is right, on standard error."""
    ran = project.call(*arguments)
    assert ran.code == 2
    assert says in ran.err
    assert ran.out == ""


@pytest.mark.usefixtures("broken")
def test_a_fault_of_the_program_names_the_file_that_has_its_trace(project: Project) -> None:
    """Exit 1, one problem without any value; the file has the frames, and no value either."""
    ran = project.call("check")
    assert ran.code == 1
    assert "build.py: this is a fault of the program: KeyError at tests/cli/test_commands.py:" in ran.err
    assert ".cache/fault.txt" in ran.err
    assert "Traceback" not in ran.err + ran.out
    trace = (project.root / ".cache/fault.txt").read_text(encoding="utf-8")
    assert "handouts/cli/reading.py" in trace
    assert "in fail" in trace
    for text in (ran.err, ran.out, trace):
        assert PRIVATE not in text
        assert str(project.root) not in text


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("arguments", [["--debug", "check"], ["check", "--debug"], ["--debug"]])
def test_who_asks_sees_the_whole_traceback(project: Project, arguments: list[str]) -> None:
    """Before or after the name of the command, or without one."""
    ran = project.call(*arguments)
    assert ran.code == 1
    assert "Traceback (most recent call last)" in ran.err
    assert f"KeyError: '{PRIVATE}'" in ran.err
    assert "1 problem to put right" in ran.err


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("command", ["build", "check", "status", "verify"])
def test_a_failure_is_json_where_json_was_asked_for(project: Project, command: str) -> None:
    """One document on standard output, with every field of every problem, and nothing beside it."""
    ran = project.call(command, "--json")
    assert ran.code == 1
    assert ran.err == ""
    (problem,) = json.loads(ran.out)["problems"]
    assert problem["code"] == "program-fault"
    assert set(problem) == {
        "usage",
        "code",
        "where",
        "what",
        "fix",
        "severity",
        "locale",
        "file",
        "line",
        "about",
        "clinic",
        "region",
        "handout",
    }


def test_what_the_machine_refuses_is_a_problem_and_not_a_fault(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, a file that may not be read: what and where, and no trace to report."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "content/secret.yaml")

    monkeypatch.setattr(reading, "load_sources", refuse)
    ran = project.call("check")
    assert ran.code == 1
    assert "content/secret.yaml: the machine refused: Permission denied." in ran.err
    assert not (project.root / ".cache/fault.txt").exists()


@pytest.mark.parametrize(
    ("package", "says"), [("yaml", "Run: make setup"), ("handouts.lost", "fault of the program")]
)
def test_a_package_that_is_missing_is_told_with_its_cure(
    project: Project, monkeypatch: pytest.MonkeyPatch, package: str, says: str
) -> None:
    """Half a setup is not a fault of the program; a module of its own that is missing is."""

    def lack(*_: object) -> None:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)

    monkeypatch.setattr(reading, "load_sources", lack)
    ran = project.call("check")
    assert ran.code == 1
    assert says in ran.err


def test_ctrl_c_ends_with_130_and_one_word(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback, also where --debug asks for those of faults: it is none."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reading, "load_sources", interrupt)
    ran = project.call("check", "--debug")
    assert (ran.code, ran.err.strip(), ran.out) == (130, "Stopped.", "")


def test_ctrl_c_in_a_terminal_ends_the_workers_too(cold_project: Project) -> None:
    """A terminal interrupts every process of a build: none of them prints a traceback, and no half file is left."""
    command = [sys.executable, "build.py", "--locale", "es", "--handout", "about-ipt", "--jobs", "2"]
    with subprocess.Popen(
        command, cwd=cold_project.root, stdout=-1, stderr=-1, text=True, start_new_session=True
    ) as process:
        while not (cold_project.root / ".cache/fonts").exists() and process.poll() is None:
            time.sleep(0.02)
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert out == ""
    assert [line[:7] for line in err.strip().splitlines()] == ["Stopped"]
    assert not list(cold_project.root.glob("dist/**/.*"))


@pytest.mark.parametrize(
    "code",
    [
        "import runpy, sys; sys.path.insert(0, '.'); runpy.run_path('build.py', run_name='__main__')",
        "import runpy, sys; sys.path += {path!r}; sys.modules['yaml'] = None\nrunpy.run_path('build.py', run_name='__main__')",
    ],
)
def test_before_setup_the_one_command_is_named(project: Project, code: str) -> None:
    """Without any package, and with all but one, in an interpreter that sees no others."""
    command = [sys.executable, "-I", "-S", "-c", code.format(path=sys.path)]
    done = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "is missing. Run: make setup" in done.stderr.splitlines()[0]
    assert "Traceback" not in done.stderr


def test_build_py_is_the_way_in_and_reads_from_top_to_bottom() -> None:
    """Under 120 lines; the five steps of a build, in their order."""
    text = (ROOT / "build.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 120
    steps = ["read(root", "check(sources", "page_of(approval", "library.build", "at_work(look", "ended("]
    places = [text.index(step) for step in steps]
    assert places == sorted(places)


@pytest.mark.parametrize("arguments", ["status", "check --json", "--locale en --format text"])
@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-", "2>&- >/dev/null", ">/dev/full"])
def test_an_output_that_takes_nothing_is_told_in_words(project: Project, arguments: str, closed: str) -> None:
    """Closed, or on a full disk: one sentence where there is still a place for it, never a traceback."""
    project.leave_only("en")
    command = f"exec {sys.executable} build.py {arguments} {closed}"
    done = subprocess.run(command, shell=True, cwd=project.root, capture_output=True, text=True, check=False)  # noqa: S602 - our own words
    assert done.returncode == int(closed != "2>&- >/dev/null")
    assert "Traceback" not in done.stderr
    assert "fault of the program" not in done.stderr
    said = {">&-": "the standard output is closed", ">/dev/full": "No space left on device"}.get(closed, "")
    assert said in done.stderr


def test_who_reads_no_further_ends_the_command_without_a_word(project: Project) -> None:
    """As in `python3 build.py check --json | head -1`."""
    project.leave_only("en")
    command = f"set -o pipefail; {sys.executable} build.py check --json | true"
    done = subprocess.run(
        ["bash", "-c", command], cwd=project.root, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.parametrize("zone", [":/etc/passwd", "AAA99999"])
def test_a_time_zone_that_nobody_can_read_is_told(project: Project, zone: str) -> None:
    """It is not the program's fault; a name that is only unknown is no obstacle."""
    project.leave_only("en")
    ran = project.run("--locale", "en", "--format", "text", TZ=zone)
    assert (ran.code, ran.err.splitlines()[0][:4]) == (1, "TZ: ")
    assert "Set it as in Australia/Sydney" in ran.err
    assert project.run("status", TZ="Nowhere/Else").code == 0


def test_a_folder_whose_name_is_no_text_is_written_to(project: Project) -> None:
    """A byte that is no UTF-8 is shown as a question mark, and is no obstacle; JSON stays JSON."""
    project.leave_only("en")
    folder = os.fsdecode(b"odd\xff")
    ran = project.run("--locale", "en", "--format", "text", "--json", "--out", folder)
    assert ran.code == 0, ran.err
    assert len(json.loads(ran.out)["renditions"]) == len(list((project.root / folder).rglob("*.txt"))) > 1
    assert "odd?" in project.run("--locale", "en", "--format", "text", "--out", folder).out
