"""What earlier commands have found out, on disk beside the renditions: what checks found, what catalogs hold, templates compiled."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from handouts.files import keep_newest, write_whole
from handouts.memory import digest_of_texts
from handouts.sources.look import Look

# What is worth keeping of each kind: a few digests for each locale and state of its catalog; a few states of 17 catalogs, 12 MB;
# a few states of a dozen templates.
MOST_KEPT: dict[str, int] = {"checks": 2_000, "catalogs": 100, "templates": 60}


class Remembered:
    """A memory of one kind in a cache, for the code and the libraries of one look: other code may find something else."""

    def __init__(self, cache: Path, look: Look, kind: str = "checks") -> None:
        self.folder, self.kind = cache / kind, kind
        self._made_with = repr((look.code, sorted(look.versions.items())))

    def known(self, key: str) -> Any:
        """Return what was kept for a key, None where there is nothing, or what is there is not whole."""
        name = self._name(key)
        try:
            head, _, data = (self.folder / name).read_bytes().partition(b"\n")
            return json.loads(data) if head == _head(name, data) else None
        except (OSError, ValueError):
            return None

    def keep(self, key: str, found: Any) -> None:
        """Keep what was found. A folder that cannot be written costs time, nothing else."""
        name = self._name(key)
        data = json.dumps(found).encode()
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self.folder / name, _head(name, data) + b"\n" + data)

    def prune(self) -> None:
        """Remove the oldest beyond what is worth keeping."""
        keep_newest(self.folder, MOST_KEPT[self.kind])

    def _name(self, key: str) -> str:
        return digest_of_texts([self._made_with, key])


def _head(name: str, data: bytes) -> bytes:
    """Return what stands before an entry: whose it is, and the digest of what it holds, as a digit may be wrong on a bad disk."""
    return f"{name} {hashlib.sha256(data).hexdigest()}".encode()
