"""What was found out before is found again, by the digest of everything that decides it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from handouts.problems import Problem


class Memory(Protocol):
    """Keeps what was found out, as JSON has it. A key is a digest of all that decides it, so that it answers for nothing else."""

    def known(self, key: str) -> Any:
        """Return what was kept for a key, None where there is nothing."""

    def keep(self, key: str, found: Any) -> None:
        """Keep what was found for a key; not None."""


class NoMemory:
    """Keeps nothing: everything is found out anew."""

    def known(self, key: str) -> Any:  # noqa: ARG002 - as the protocol has it
        """Return None."""
        return None

    def keep(self, key: str, found: Any) -> None:
        """Do nothing."""


def known_problems(memory: Memory, key: str) -> list[Problem] | None:
    """Return the problems that were kept for a key, None where nothing was."""
    kept = memory.known(key)
    return None if kept is None else [Problem(**each) for each in kept]


def keep_problems(memory: Memory, key: str, found: Sequence[Problem]) -> None:
    """Keep the problems that were found for a key."""
    memory.keep(key, [asdict(each) for each in found])


def digest_of_texts(parts: Iterable[str]) -> str:
    """Return the SHA-256 of texts, each apart from the next, in hex."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
