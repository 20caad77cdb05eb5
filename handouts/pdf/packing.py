"""A PDF that was changed becomes bytes again: packed, the same for the same content, and by the rules of PDF/A."""

from __future__ import annotations

from io import BytesIO
from typing import Literal

from pikepdf import ObjectStreamMode, Pdf, settings

# Everything is packed that may be, also what comes from other files. One packed stream in 256 ends in a carriage
# return, which a strict reader takes for a line end (ISO 19005-2, 6.1.7.1): then it is packed otherwise, at last not at all.
WAYS: tuple[tuple[ObjectStreamMode, Literal[5, 6, 7, 9]], ...] = (
    *((ObjectStreamMode.generate, level) for level in (6, 9, 7, 5)),
    (ObjectStreamMode.preserve, 6),
    (ObjectStreamMode.disable, 6),
)
CUT_OFF = b"\r\nendstream"


def packed(document: Pdf) -> bytes:
    """Return a PDF as bytes, none of whose streams ends in a carriage return by the way it is packed."""
    for mode, level in WAYS:
        settings.set_flate_compression_level(level)  # of what is packed here; streams stay as they are
        written = BytesIO()
        document.save(written, deterministic_id=True, object_stream_mode=mode, recompress_flate=False)
        if CUT_OFF not in written.getvalue():
            break
    settings.set_flate_compression_level(-1)
    return written.getvalue()
