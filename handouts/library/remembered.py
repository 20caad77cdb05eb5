"""What the checks of earlier builds have found, on disk beside the renditions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from handouts.files import keep_newest, write_whole
from handouts.memory import digest_of_texts
from handouts.problems import Problem
from handouts.sources.look import Look

MOST_KEPT = 2_000  # digests, a few for each locale and state of its catalog


class Remembered:
    """A memory in a folder, for the code and the libraries of one look: other code may find something else."""

    def __init__(self, folder: Path, look: Look) -> None:
        self.folder = folder / "checks"
        self._made_with = repr((look.code, sorted(look.versions.items())))

    def known(self, key: str) -> list[Problem] | None:
        """Return what was kept for a key, None where there is nothing, or what is there is not whole."""
        name = self._name(key)
        try:
            kept = json.loads((self.folder / name).read_bytes())
            return [Problem(**each) for each in kept["found"]] if kept["key"] == name else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, key: str, found: Sequence[Problem]) -> None:
        """Keep what was found. A folder that cannot be written costs time, nothing else."""
        name = self._name(key)
        data = json.dumps({"key": name, "found": [asdict(each) for each in found]}).encode()
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self.folder / name, data)

    def prune(self) -> None:
        """Remove the oldest beyond what is worth keeping."""
        keep_newest(self.folder, MOST_KEPT)

    def _name(self, key: str) -> str:
        return digest_of_texts([self._made_with, key])
