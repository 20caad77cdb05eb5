"""What the tests of a cluster share: a small job, as those of the library have it."""

from __future__ import annotations

from tests.library.conftest import job, made

__all__ = ["job", "made"]
