"""WeasyPrint is given the project's own files and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.pdf.fonts import Face
from handouts.pdf.render import fetch, font_face_css, render, typeset

OUTSIDE = (
    "http://example.org/x.png",
    "https://example.org/x.css",
    "file:///etc/passwd",
    "ftp://x/y",
    "data:,x",
    "font:../../etc/passwd",
)


@pytest.mark.parametrize("url", OUTSIDE)
def test_a_page_asks_for_nothing_but_the_projects_own_files(url: str, tmp_path: Path) -> None:
    """The network, the machine's files and other schemes are refused, and the build of that page stops."""
    with pytest.raises(PermissionError, match="was refused"):
        fetch(url, tmp_path, {})
    html = f'<html lang="en"><title>x</title><body><img alt="x" src="{url}"></body></html>'
    with pytest.raises(PermissionError, match="was refused"):
        render(html, (), tmp_path, {})
    html = f'<html lang="en"><title>x</title><link rel="stylesheet" href="{url}"><body>x</body></html>'
    with pytest.raises(PermissionError, match="was refused"):
        render(html, (), tmp_path, {})


def test_fonts_and_drawings_are_had_by_their_own_addresses(tmp_path: Path) -> None:
    """A font by its name in the cache, a drawing by the address that the page gives it."""
    (tmp_path / "a.otf").write_bytes(b"font")
    assert fetch("font:a.otf", tmp_path, {}) == b"font"
    assert fetch("icon:x", tmp_path, {"icon:x": b"<svg/>"}) == b"<svg/>"
    with pytest.raises(PermissionError):
        fetch("icon:y", tmp_path, {"icon:x": b"<svg/>"})


def test_a_font_that_is_gone_stops_the_page(tmp_path: Path) -> None:
    """It is never set in another one, as WeasyPrint would."""
    gone = Face("Noto Sans", 400, "gone.ttf")
    with pytest.raises(FileNotFoundError):
        typeset("<html lang=en><title>T</title><body>T", (gone,), tmp_path, {})


def test_a_face_is_named_by_family_and_weight() -> None:
    """So that a page asks for “Noto Sans”, bold, and gets this file and no font of the machine."""
    css = font_face_css([Face("Noto Sans", 400, "a.otf"), Face("Noto Sans", 700, "b.otf")])
    assert css.splitlines() == [
        '@font-face {font-family: "Noto Sans"; font-weight: 400; src: url("font:a.otf")}',
        '@font-face {font-family: "Noto Sans"; font-weight: 700; src: url("font:b.otf")}',
    ]
