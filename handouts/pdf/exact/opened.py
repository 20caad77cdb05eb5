"""Whole fonts, opened by HarfBuzz: read once for all documents that are set in them, and the last ones kept."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, NamedTuple

import uharfbuzz as hb

MOST_OPENED = 70_000_000  # bytes of whole fonts: Chinese in both its scripts, regular and bold, has 64 MB
MOST_FACES = 16  # of documents, which name those fonts anew for each choice of faces


class OpenedFont(NamedTuple):
    """A font file as HarfBuzz has it, what its outlines are, and how many bytes it has."""

    face: hb.Face
    outlines: Literal["CFF", "TrueType"]
    size: int


# By the SHA-256 of the file; last those that were asked for last.
_opened: OrderedDict[bytes, OpenedFont] = OrderedDict()


def opened(file: bytes) -> OpenedFont:
    """Return a font file as HarfBuzz has it, which holds a copy of its own; of the same bytes the same one, while it is kept."""
    return _kept(hashlib.sha256(file).digest(), lambda: file)


def opened_once(plain: Callable[..., bytes]) -> Callable[..., OpenedFont]:
    """Return what takes the place of WeasyPrint's reader of the file of a face: it is read once, and one font for all documents.

    A face is known by its address, which no other can have while it is kept.
    """

    @lru_cache(maxsize=MOST_FACES)
    def digest(face: object) -> bytes:
        file = plain(face)
        found = hashlib.sha256(file).digest()
        _kept(found, lambda: file)
        return found

    return lambda face: _kept(digest(face), lambda: plain(face))


def _kept(digest: bytes, read: Callable[[], bytes]) -> OpenedFont:
    """Return a font by the digest of its file, which is read now if the font is not kept; others go where there are too many."""
    if digest not in _opened:
        file = read()
        outlines: Literal["CFF", "TrueType"] = "CFF" if file.startswith(b"OTTO") else "TrueType"
        _opened[digest] = OpenedFont(hb.Face(file), outlines, len(file))
        while sum(font.size for font in _opened.values()) > MOST_OPENED and len(_opened) > 1:
            _opened.popitem(last=False)
    _opened.move_to_end(digest)
    return _opened[digest]
