"""Style sheets, parsed once in a process: pages of a layout have the same ones, and those of a locale the same values in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)
BASE = "handout:"  # what addresses in a page are relative to: there is nothing
MOST_KEPT = 32  # those of three layouts, on two papers, in a few locales


@dataclass(frozen=True)
class Sheet:
    """A parsed style sheet, and the counter styles that are defined in it."""

    css: Any
    counters: Any


def parted(html: str) -> tuple[str, list[str]]:
    """Return a page without the `<style>` elements of its head, and what stands in them, in order.

    Given to WeasyPrint beside the page they mean the same, as long as all of them are: then no rule of a page is left
    that would take precedence over theirs, but the `style` of an element, which does so as well in a page.
    """
    head, end, body = html.partition("</head>")
    return STYLE.sub("", head) + end + body, STYLE.findall(head)


_kept: dict[str, Sheet] = {}


def parsed(text: str, fetcher: Any) -> Sheet:
    """Return a style sheet, which the pages that it is given to read and do not change; `fetcher` gets what it imports."""
    import weasyprint
    from weasyprint.css.counters import CounterStyle

    if text not in _kept:
        counters = CounterStyle()
        css = weasyprint.CSS(string=text, base_url=BASE, url_fetcher=fetcher, counter_style=counters)
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[text] = Sheet(css, counters)
    return _kept[text]


def counter_styles(sheets: Iterable[Sheet]) -> Any:
    """Return the counter styles of a page that has these sheets; of two with one name the later one counts."""
    from weasyprint.css.counters import CounterStyle

    found = CounterStyle()
    for sheet in sheets:
        found.update(sheet.counters)
    return found
