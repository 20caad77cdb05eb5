"""The gallery is read back as every file is: what it shows is what there is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handouts.library.manifest import withdraw
from handouts.verify.gallery import examine_gallery
from tests.conftest import Stock


def wrong(stock: Stock) -> list[tuple[str, str]]:
    """Return the files of the gallery with a problem, and its code."""
    verdicts = examine_gallery(stock.approval, stock.out)
    return [(verdict.file, problem.code) for verdict in verdicts for problem in verdict.problems]


def test_what_was_published_is_as_it_should_be(stocked: Stock) -> None:
    """Every page of it is looked at."""
    assert {verdict.file for verdict in examine_gallery(stocked.approval, stocked.out)} == {
        "index.html",
        "au/index.html",
    }
    assert wrong(stocked) == []


def edit(file: str) -> Callable[[Stock], object]:
    return lambda stock: (stock.out / file).write_bytes((stock.out / file).read_bytes() + b" ")


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (edit("au/index.html"), [("au/index.html", "out-of-date")]),
        (edit("au/covers/hi.about-ipt.png"), [("au/covers/hi.about-ipt.png", "out-of-date")]),
        (lambda stock: (stock.out / "index.html").unlink(), [("index.html", "out-of-date")]),
        (
            lambda stock: withdraw(stock.out, ["au/hi/about-ipt.txt"]),
            [("au/index.html", "out-of-date"), ("index.html", "out-of-date")],
        ),
        (
            lambda stock: (stock.out / "index.html").write_text("Our own page", encoding="utf-8"),
            [("index.html", "page-in-the-way")],
        ),
        (
            lambda stock: (stock.out / "au/covers/old.png").write_bytes(b""),
            [("au/covers/old.png", "file-not-listed")],
        ),
    ],
)
def test_what_it_should_not_show_is_told(
    stock: Stock, spoil: Callable[[Stock], object], found: list[tuple[str, str]]
) -> None:
    """A page or a cover that was changed, lost, or is of what is gone."""
    spoil(stock)
    assert wrong(stock) == found
