"""What was found out before is found again: problems by the digest of everything that decides them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Protocol

from handouts.problems import Problem


class Memory(Protocol):
    """Keeps what checks have found. A key is a digest of all that a check sees, so that it answers for nothing else."""

    def known(self, key: str) -> list[Problem] | None:
        """Return what was kept for a key, None where there is nothing."""

    def keep(self, key: str, found: Sequence[Problem]) -> None:
        """Keep what was found for a key."""


class NoMemory:
    """Keeps nothing: every check is made."""

    def known(self, key: str) -> list[Problem] | None:  # noqa: ARG002 - as the protocol has it
        """Return None."""
        return None

    def keep(self, key: str, found: Sequence[Problem]) -> None:
        """Do nothing."""


def digest_of_texts(parts: Iterable[str]) -> str:
    """Return the SHA-256 of texts, each apart from the next, in hex."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
