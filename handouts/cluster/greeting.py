"""What decides the bytes of a page on a machine, as each says it before its first job; and in what two machines differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from handouts.dependencies import versions_of
from handouts.pdf import fonts
from handouts.problems import Problem
from handouts.sources.look import code_digest, library_versions

MOST_SHOWN = 5  # differences that are named
EXTRA = "cluster"
Faces = Mapping[tuple[str, int], str]


@dataclass(frozen=True)
class Credentials:
    """What decides the bytes of a page on a machine: the code, versions by name, and digests of font files by family and weight."""

    code: str
    versions: Mapping[str, str] = field(default_factory=dict)
    faces: Faces = field(default_factory=dict)


@dataclass(frozen=True)
class Greeting:
    """What a worker answers: what it has, what keeps it from using the store, and what keeps it from working at all."""

    credentials: Credentials
    trouble: str = ""
    fault: Problem | None = None

    def sent(self) -> dict[str, Any]:
        """Return it as it is sent: of plain values, that a machine with other code of this project can read as well."""
        own = self.credentials
        faces = [[family, weight, digest] for (family, weight), digest in own.faces.items()]
        fault = asdict(self.fault) if self.fault else None
        return {
            "code": own.code,
            "versions": dict(own.versions),
            "faces": faces,
            "trouble": self.trouble,
            "fault": fault,
        }


def heard(answer: Any, code: str) -> Greeting:
    """Return what a worker has sent. Of one whose code is not this `code` nothing is read but that."""
    theirs = str(answer.get("code")) if isinstance(answer, dict) else ""
    if theirs != code:
        return Greeting(Credentials(theirs))
    faces = {(family, weight): digest for family, weight, digest in answer["faces"]}
    fault = Problem(**answer["fault"]) if answer["fault"] else None
    return Greeting(Credentials(theirs, answer["versions"], faces), answer["trouble"], fault)


def credentials(families: Iterable[str]) -> Credentials:
    """Return what this machine has; a face that it lacks has no digest."""
    there = fonts.installed()
    faces = {
        (family, weight): fonts.file_digest(there[family, weight].path) if (family, weight) in there else ""
        for family in families
        for weight in fonts.WEIGHTS
    }
    return Credentials(code_digest(), {**library_versions(), **versions_of(EXTRA)}, faces)


def differences(ours: Credentials, theirs: Credentials) -> str:
    """Return in what a worker differs from this machine, in a line; nothing where it does not. Other code says all."""
    if ours.code != theirs.code:
        return "it has other code of this project"
    found = []
    for name in sorted({*ours.versions, *theirs.versions}):
        here, there = ours.versions.get(name, "none"), theirs.versions.get(name, "none")
        found += [] if here == there else [f"{name} is {there} there and {here} here"]
    for (family, weight), digest in sorted(ours.faces.items()):
        face, there = f"{family} {fonts.WEIGHTS[weight]}", theirs.faces.get((family, weight), "")
        if there != digest:
            found.append(f"the font {face} is {_of_faces(digest, there)}")
    more = f", and {len(found) - MOST_SHOWN} more" if len(found) > MOST_SHOWN else ""
    return "; ".join(found[:MOST_SHOWN]) + more


def _of_faces(here: str, there: str) -> str:
    """Return how the font files of two machines differ."""
    if here and there:
        return "another file"
    return "missing there" if here else "missing here"
