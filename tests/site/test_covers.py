"""Covers: a small picture of a first page, the same for the same PDF."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from handouts.site.covers import FOLDER, WIDTH, cover_of, draw_cover, prune_covers
from tests.conftest import blank_pdf


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_cover_is_a_small_picture_of_the_page(tmp_path: Path) -> None:
    """As wide as the gallery wants it, in the shape of the paper, and the same each time, drawn or from the cache."""
    (tmp_path / "a.pdf").write_bytes(blank_pdf())
    first = cover_of(tmp_path / "a.pdf", digest(blank_pdf()), tmp_path)
    assert first == draw_cover(blank_pdf())
    assert first is not None
    with Image.open(BytesIO(first)) as picture:
        assert picture.size == (WIDTH, round(WIDTH * 842 / 595))
    (tmp_path / "a.pdf").unlink()
    assert cover_of(tmp_path / "a.pdf", digest(blank_pdf()), tmp_path) == first


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 and nothing more", b"\0" * 4000])
def test_what_cannot_be_drawn_has_no_cover(tmp_path: Path, data: bytes) -> None:
    """The gallery draws a sheet with its title then."""
    (tmp_path / "a.pdf").write_bytes(data)
    assert cover_of(tmp_path / "a.pdf", digest(data), tmp_path) is None


def test_a_file_that_is_not_the_one_that_was_made_has_no_cover(tmp_path: Path) -> None:
    """Nor has one that is gone."""
    (tmp_path / "a.pdf").write_bytes(blank_pdf())
    assert cover_of(tmp_path / "a.pdf", digest(b"another"), tmp_path) is None
    assert cover_of(tmp_path / "b.pdf", digest(blank_pdf()), tmp_path) is None


def test_a_cover_that_was_spoilt_in_the_cache_is_drawn_again(tmp_path: Path) -> None:
    """And a cache that cannot be written costs time, nothing else."""
    (tmp_path / "a.pdf").write_bytes(blank_pdf())
    first = cover_of(tmp_path / "a.pdf", digest(blank_pdf()), tmp_path)
    (kept,) = (tmp_path / FOLDER).iterdir()
    kept.write_bytes(kept.read_bytes()[:-3])
    assert cover_of(tmp_path / "a.pdf", digest(blank_pdf()), tmp_path) == first
    assert cover_of(tmp_path / "a.pdf", digest(blank_pdf()), tmp_path / "a.pdf") == first


def test_the_oldest_covers_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of those that were kept, the latest stay, and all that a large gallery uses; where there are none, nothing happens."""
    monkeypatch.setattr("handouts.site.covers.MOST_KEPT", 1)
    prune_covers(tmp_path, 1)
    (tmp_path / FOLDER).mkdir()
    for name in ("1", "2"):
        (tmp_path / FOLDER / name).write_bytes(b"x")
    prune_covers(tmp_path, 2)
    assert len(list((tmp_path / FOLDER).iterdir())) == 2
    prune_covers(tmp_path, 1)
    assert len(list((tmp_path / FOLDER).iterdir())) == 1
