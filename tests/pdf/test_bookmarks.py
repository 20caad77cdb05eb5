"""Each part of several has a bookmark by its title, with its own below."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pikepdf

from handouts.pdf.joined import Part, joined, page_count
from tests.pdf.joining import SHEET, Made, spoilt


def test_a_bookmark_leads_to_each_part(whole: bytes, parts: list[Part]) -> None:
    """By its title, with the part's own below it; a title is not said twice."""
    with pikepdf.open(BytesIO(whole)) as pdf, pdf.open_outline() as outline:
        numbers = {page.obj.objgen: n for n, page in enumerate(pdf.pages)}
        leads: list[Any] = [item.destination for item in outline.root]
        tops = [(item.title, numbers[to[0].objgen]) for item, to in zip(outline.root, leads, strict=True)]
        starts = [sum(page_count(part.data) for part in parts[:n]) for n in range(len(parts))]
        assert tops == [(part.title, start) for part, start in zip(parts, starts, strict=True)]
        assert all(len(item.children) > 3 for item in outline.root)
        assert not any(child.title == item.title for item in outline.root for child in item.children)


def test_another_title_stands_above_the_bookmarks_of_a_part(made: Made) -> None:
    """So does the title of a part that has none; the number of all bookmarks is right."""
    plain = spoilt(made["en", SHEET].data, lambda pdf: pdf.Root.__delitem__("/Outlines"))
    two = [
        replace(made["en", SHEET], title="First"), Part(plain, "Second", "en"), replace(made["ar", SHEET], title="T")
    ]  # fmt: skip
    with pikepdf.open(BytesIO(joined(two))) as pdf:
        count = int(pdf.Root.Outlines.Count)
        with pdf.open_outline() as outline:
            assert [(item.title, len(item.children)) for item in outline.root] == [
                ("First", 1), ("Second", 0), ("T", 1)
            ]  # fmt: skip

            def number(items: Any) -> int:
                return sum(1 + number(item.children) for item in items)

            assert number(outline.root) == count
