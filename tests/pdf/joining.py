"""PDFs that are to be joined, and one that was changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import pikepdf

from handouts.pdf.joined import Part

SHEET = "my-relationships"
CHOSEN = (("en", SHEET), ("ar", SHEET), ("zh-Hans", "four-areas"), ("hi", "four-areas"))
Made = Mapping[tuple[str, str], Part]


def spoilt(data: bytes, spoil: Callable[[Any], None]) -> bytes:
    """Return a PDF that was changed."""
    changed = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        spoil(pdf)
        pdf.save(changed)
    return changed.getvalue()
