"""A memory for tests: it gives what it was given as a file would."""

from __future__ import annotations

import json
from typing import Any


class KeptAsJson:
    """A memory that lasts as long as a test."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def known(self, key: str) -> Any:
        """Return what was kept, as it comes out of a file."""
        return json.loads(self.kept.get(key, "null"))

    def keep(self, key: str, found: Any) -> None:
        """Keep it as a file would."""
        self.kept[key] = json.dumps(found)
