"""The counter gives out what the sources say now, and nothing while they are wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from handouts.desk import counter as module
from handouts.desk.counter import Counter
from handouts.library.plan import Choice
from handouts.problems import Problem, SourceError
from handouts.sources.load import Sources
from handouts.sources.look import Look


class Shelf:
    """Sources that are read again and again, and counted."""

    def __init__(self, sources: Sources, look: Look, root: Path) -> None:
        self.sources, self.look = replace(sources, root=root), look
        self.times, self.today = 0, date(2026, 11, 27)
        self.error = False

    def read(self) -> tuple[Sources, Look]:
        """Return the sources, or raise what is wrong with them."""
        self.times += 1
        if self.error:
            raise SourceError([Problem("x", "content/x.yaml", "it is wrong.", "Mend it.")])
        return self.sources, self.look

    def counter(self, choice: Choice) -> Counter:
        """Return a counter of what is on the shelf."""
        return Counter(
            self.sources.root,
            self.sources.root / ".cache",
            choice,
            self.read,
            lambda: self.today,
            lambda _: [],
        )


@pytest.fixture
def shelf(sources: Sources, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Return a shelf whose files are looked at each time."""
    monkeypatch.setattr(module, "LOOKED", 0.0)
    (tmp_path / "content").mkdir()
    return Shelf(sources, look, tmp_path)


def test_the_sources_are_read_again_when_a_file_or_the_day_is_another(shelf: Shelf) -> None:
    """And not otherwise; while they have an error nothing of them is given out, not even as it was."""
    counter = shelf.counter(Choice(regions=("au",)))
    first = counter.stock()
    assert counter.stock() is first
    shelf.today = date(2026, 11, 28)
    second = counter.stock()
    assert second is not first
    (shelf.sources.root / "content" / "new.yaml").write_text("x", encoding="utf-8")
    shelf.error = True
    for _ in range(2):
        with pytest.raises(SourceError):
            counter.stock()
    shelf.error = False
    (shelf.sources.root / "content" / "new.yaml").unlink()
    assert counter.stock() is not second
    assert shelf.times == 4  # what has an error is not read again until something else is saved


def test_what_is_saved_while_the_sources_are_read_is_read_too(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number that is corrected at that moment is printed."""
    read, file = shelf.read, shelf.sources.root / "content" / "late.yaml"

    def read_and_save() -> tuple[Sources, Look]:
        found = read()
        if not file.exists():
            file.write_text("x", encoding="utf-8")
        return found

    monkeypatch.setattr(shelf, "read", read_and_save)
    shelf.counter(Choice(regions=("au",))).stock()
    assert shelf.times == 2


def test_a_place_without_a_handout_is_told(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its profile may offer nothing that there is."""
    monkeypatch.setattr(module, "renditions", lambda *_: [])
    with pytest.raises(SourceError) as caught:
        shelf.counter(Choice(regions=("au",))).stock()
    assert [problem.code for problem in caught.value.problems] == ["nothing-to-give"]


def test_a_place_offers_what_it_has_the_usual_layout_first(shelf: Shelf) -> None:
    """Languages by their English names; English has no English beside it."""
    stock = shelf.counter(Choice(regions=("nz",))).stock()
    assert (stock.place.region, stock.locales()[0], stock.locales()[-1]) == ("nz", "ar", "vi")
    assert stock.handouts("vi")[0] == "about-ipt"
    assert stock.layouts("vi", "about-ipt")[0] == "standard"
    assert "bilingual" not in stock.layouts("en", "about-ipt")
    assert set(stock.papers) == set(stock.emails)


def test_what_is_kept_in_memory_has_an_end() -> None:
    """The oldest go first; what is used again is no longer old."""
    from collections import OrderedDict

    kept = OrderedDict((key, key) for key in "abc")
    assert module._latest(kept, "a", 2) == "a"
    assert list(kept) == ["c", "a"]
