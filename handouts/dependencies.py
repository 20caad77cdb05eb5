"""Which distributions the program needs: pyproject.toml is the one list; what is here, their own metadata says.

`python3 -m handouts.dependencies` exits with 1 where one that pyproject.toml pins is not here in that version.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from handouts.files import keep_newest, write_whole
from handouts.memory import digest_of_texts

MOST_KEPT = 20  # environments whose versions are remembered
PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"


def declared(extra: str = "") -> Mapping[str, str]:
    """Return the distributions that pyproject.toml pins and their versions: to run the program, or of an extra."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    pins = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return dict(pin.split("==") for pin in pins)


def lacking(extra: str = "") -> list[str]:
    """Return the declared distributions that are not here in their version, as in “polib 1.2.0”."""
    return [f"{name} {pin}" for name, pin in declared(extra).items() if _version(name) != pin]


@cache
def versions(folder: Path | None = None) -> Mapping[str, str]:
    """Return every distribution that the program runs on and the version that is here, sorted by name.

    Those that the declared ones need are among them; what only an extra of theirs needs is not, nor what only
    another platform or another Python needs. They are kept in a `folder`, as to ask 40 of them takes a third of a second.
    """
    kept = folder / _installed() if folder else None
    if kept:
        with suppress(OSError, ValueError, AttributeError):
            known = json.loads(kept.read_bytes())
            return {str(name): str(here) for name, here in known.items()}
    found = _versions()
    if kept:
        with suppress(OSError):
            write_whole(kept, json.dumps(found).encode())
            keep_newest(kept.parent, MOST_KEPT)
    return found


def _installed() -> str:
    """Return the digest of what decides the versions: this Python, what is declared, and every distribution by its folder and its time."""
    found = [sys.version, PYPROJECT.read_text(encoding="utf-8")]
    for folder in sys.path:
        with suppress(OSError), os.scandir(folder or ".") as there:
            own = (each for each in there if each.name.endswith((".dist-info", ".egg-info")))
            found += sorted(f"{each.path} {each.stat().st_mtime_ns}" for each in own)
    return digest_of_texts(found)


def _versions() -> dict[str, str]:
    """Return the versions as the distributions' own metadata says them."""
    found: dict[str, str] = {}
    waiting = list(declared())
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()  # as PEP 503 compares names
        if name not in found:
            found[name] = _version(name)
            waiting += _requirements(name) if found[name] else ()
    return {name: found[name] for name in sorted(found) if found[name]}


def versions_of(extra: str) -> Mapping[str, str]:
    """Return the distributions of an extra and the version that is here, empty where there is none."""
    return {name: _version(name) for name in declared(extra)}


def _version(name: str) -> str:
    """Return the version of a distribution, empty where it is not here."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _requirements(name: str) -> Iterator[str]:
    """Yield the names of the distributions that one needs, without those of its extras."""
    from importlib.metadata import distribution

    from packaging.requirements import Requirement

    for requirement in map(Requirement, distribution(name).requires or ()):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name


if __name__ == "__main__":
    sys.exit(bool(lacking()))
