"""Bookmarks of several PDFs in one: each part has one by its title, with its own below."""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, String


def top_of(page: Any) -> Array:
    """Return the place at the top of a page."""
    return Array([page.obj, Name.XYZ, page.mediabox[0], page.mediabox[3], 0])


def put_below_title(whole: Pdf, bookmarks: Any, title: str, page: int) -> Any:
    """Return the bookmarks of a part as those below one that has its title; those of the whole are these if it has none."""
    top = bookmarks.get("/First") if bookmarks is not None else None
    if top is not None and "/Next" not in top and str(top.Title) == title:
        return bookmarks
    outlines = whole.make_indirect(Dictionary(Type=Name.Outlines, Count=1))
    one = whole.make_indirect(
        Dictionary(Title=String(title), Dest=top_of(whole.pages[page]), Parent=outlines)
    )
    outlines.First = outlines.Last = one
    if top is not None:
        one.First, one.Last, one.Count = bookmarks.First, bookmarks.Last, int(bookmarks.Count)
        outlines.Count = 1 + int(bookmarks.Count)
        _give_parent(one.First, one)
    if page == 0:
        whole.Root.Outlines = outlines
    return outlines


def _give_parent(item: Any, parent: Any) -> None:
    """Put a bookmark, and those that follow it, below another."""
    while item is not None:
        item.Parent = parent
        item = item.get("/Next")


def append_bookmarks(whole: Pdf, new: Any) -> None:
    """Put the bookmarks of a part behind those that there are."""
    old = whole.Root.Outlines
    _give_parent(new.First, old)
    old.Last.Next, new.First.Prev = new.First, old.Last
    old.Last = new.Last
    old.Count = int(old.Count) + int(new.Count)
