"""The command `proof`: a PDF in a folder of its own, for a translation that exists."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.page.approval import Approval
from handouts.workbench import proof
from handouts.workbench.proof import ProofRequest
from tests.conftest import Project


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[ProofRequest]:
    """Stand in for the setting of pages; return what was asked for."""
    requests: list[ProofRequest] = []

    def make_proof(approval: Approval, request: ProofRequest, cache: Path) -> bytes:
        requests.append(request)
        return b"%PDF-1.7 " + b"x" * 1991

    monkeypatch.setattr(proof, "make_proof", make_proof)
    return requests


@pytest.mark.parametrize(
    ("more", "region", "paper"),
    [
        ((), "au", "a4"),
        (("--region", "us"), "us", "letter"),
        (("--paper", "letter"), "au", "letter"),
        (("--clinic", "example"), "au", "a4"),
        (("--clinic", "elsewhere/hill.yaml"), "us", "letter"),
    ],
)
def test_a_proof_is_made_for_a_region_on_its_paper(
    project: Project, asked: list[ProofRequest], more: tuple[str, ...], region: str, paper: str
) -> None:
    """That of the clinic, if one is named. Into proofs/ unless told otherwise; its name says what it is of, and its size is told."""
    (project.root / "elsewhere").mkdir()
    (project.root / "elsewhere/hill.yaml").write_text("name: Hill Street\nregion: us\n", encoding="utf-8")
    ran = project.call("proof", "es-MX", "about-ipt", *more)
    assert ran.code == 0, ran.err
    (request,) = asked
    assert (request.locale, request.handout, request.region, request.paper) == (
        "es",
        "about-ipt",
        region,
        paper,
    )
    file, size = ran.out.strip().split("\t")
    assert Path(file) == project.root / "proofs" / request.file
    assert (Path(file).stat().st_size, size) == (2000, "2 kB")


def test_places_of_two_regions_have_a_proof_each(project: Project, asked: list[ProofRequest]) -> None:
    """Two of one region have the same text, and one proof."""
    want = [word for name in ("nz", "au", "Australia") for word in ("--region", name)]
    assert project.call("proof", "es", "about-ipt", *want).code == 0
    assert [request.region for request in asked] == ["nz", "au"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["en", "about-ipt"], "what everything is translated from"),
        (["es", "about"], "about-ipt"),
        (["ess", "about-ipt"], "“es”"),
        (["es", "about-ipt", "--out", "content"], "--out"),
        (["es", "about-ipt", "--clinic", "exampel"], "Did you mean “example”"),
        (["es", "about-ipt", "--clinic", "example", "--region", "us"], "not in United States (us)"),
        (["es", "about-ipt", "--clinic", "elsewhere/none.yaml"], "elsewhere/none.yaml"),
    ],
)
def test_what_cannot_be_proofed_is_told_before_anything_is_made(
    project: Project, asked: list[ProofRequest], arguments: list[str], says: str
) -> None:
    """The source itself, names that do not exist, a folder of the sources."""
    ran = project.call("proof", *arguments)
    assert ran.code == 2
    assert says in ran.err
    assert asked == []
