"""Who makes what a build lacks is named by options, and what cannot be meant is refused."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from handouts.cli.crew import crew_for
from handouts.cli.options import Makers
from handouts.library.crew import ThisMachine
from handouts.problems import SourceError
from handouts.sources.look import Look
from tests.conftest import Project

TEXT = ("--locale", "en", "--handout", "about-ipt", "--format", "text")


def test_without_a_scheduler_it_is_this_machine(look: Look) -> None:
    """With so many processes as were asked for."""
    with crew_for(look, [], Makers(3)) as crew:
        assert crew == ThisMachine(3)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1:8786",
        "http://127.0.0.1:8786",
        "tcp://127.0.0.1",
        "tcp://:8786",
        "tcp://127.0.0.1:0",
        "tcp://127.0.0.1:99999",
        "tcp://127.0.0.1:٨٧٨٦",
        "tcp://me@127.0.0.1:8786",
        "tcp://127.0.0.1:8786/path",
        "tcp://127.0.0.1:8786 ",
    ],
)
def test_what_is_no_address_of_a_scheduler_is_wrong_usage(project: Project, address: str) -> None:
    """It is told how one is written; nothing is made."""
    ran = project.call(*TEXT, "--scheduler", address)
    assert ran.code == 2
    assert "Write it as in tcp://10.0.0.5:8786" in ran.err
    assert not (project.root / "dist/au").exists()


def test_a_store_without_a_scheduler_is_wrong_usage(project: Project) -> None:
    """Processes of this machine have its cache in common."""
    ran = project.call(*TEXT, "--shared", "file:///mnt/handouts")
    assert ran.code == 2
    assert "--scheduler" in ran.err


def test_what_is_missing_is_told_with_the_command_that_brings_it(look: Look) -> None:
    """The extra is no part of what a clinic installs; another version of dask may be asked in other words."""
    with (
        patch("handouts.dependencies.declared", return_value={"distributed": "1.2.3"}),
        pytest.raises(SourceError, match=r"package distributed 1\.2\.3 is missing\. Run: make setup-cluster"),
        crew_for(look, [], Makers(1, "tcp://127.0.0.1:8786")),
    ):
        pass


def test_a_scheduler_that_does_not_answer_is_a_problem_and_no_traceback(project: Project) -> None:
    """Exit 1, nothing made, and the address is named."""
    ran = project.call(*TEXT, "--scheduler", "tcp://nowhere.invalid:8786")
    assert ran.code == 1
    assert ran.err.startswith("tcp://nowhere.invalid:8786: this machine knows no other of the name")
    assert not (project.root / "dist/au").exists()
