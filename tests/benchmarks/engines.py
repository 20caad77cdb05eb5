"""Four ways from a composed handout to a PDF: ours, and three to measure it beside.

Each engine is a function of a job, how everything looks and the file to write. Whatever it cannot do, it
raises. All but Typst, which has no HTML, are given the same HTML, with our invisible characters that say
where a line may end.
"""

from __future__ import annotations

import base64
import logging
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from handouts.breaks import without_breaks
from handouts.library.jobs import Job
from handouts.library.make import make_rendition
from handouts.model import Page
from handouts.page.compose import compose
from handouts.page.pictures import drawings
from handouts.sources.look import Look
from handouts.verify import words
from tests.conftest import BROWSER_ARGUMENTS, CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Engine = Callable[[Job, Look, Path], None]
WHITE = re.compile(r"[ \t\n\r\f]+")
ICON = re.compile(r"url\((['\"])((?:icon|logo):.*?)\1\)")


def ours(job: Job, look: Look, path: Path) -> None:
    """Make the PDF as `python3 build.py` does."""
    made = make_rendition(job, look, path.parent / "cache")
    if made.failed:
        raise ValueError(made.problems[0].what)
    path.write_bytes(made.data)


def stock(job: Job, look: Look, path: Path) -> None:
    """Make the PDF by WeasyPrint as it comes, PDF/UA-1, with the fonts of this machine.

    Must run in a process that has not imported our renderer, which changes WeasyPrint.
    """
    if "handouts.pdf.render" in sys.modules:
        raise RuntimeError("WeasyPrint is not as it comes: our renderer was imported in this process")
    import weasyprint
    import weasyprint.urls

    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    known = drawings(job.page, look)
    base: Any = weasyprint.urls.URLFetcher

    class Fetcher(base):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in known:
                raise PermissionError(f"“{url}” is none of the page's drawings")
            return weasyprint.urls.URLFetcherResponse(url, known[url], {"Content-Type": "image/svg+xml"})

    page = weasyprint.HTML(string=compose(job.page, look), url_fetcher=Fetcher(), base_url="handout:")
    page.write_pdf(path, pdf_variant="pdf/ua-1")


@cache
def browser() -> Browser:
    """Return the system's Chromium, one for each process; it ends with the process."""
    import atexit

    from playwright.sync_api import sync_playwright

    if not CHROMIUM:
        raise RuntimeError("there is no Chromium on this machine; run make setup-test")
    play = sync_playwright().start()
    running = play.chromium.launch(executable_path=CHROMIUM, args=BROWSER_ARGUMENTS)
    atexit.register(play.stop)
    atexit.register(running.close)  # the last is called first
    return running


def chromium(job: Job, look: Look, path: Path) -> None:
    """Make the PDF by Chromium's print-to-PDF, tagged, cut off from the network.

    It knows no running elements, so head and foot of a page stand once, at the top of the first.
    """
    known = drawings(job.page, look)

    def whole(found: re.Match[str]) -> str:
        data = base64.b64encode(known.get(found[2], b"")).decode()
        return f"url({found[1]}data:image/svg+xml;base64,{data}{found[1]})"

    context = browser().new_context(offline=True, java_script_enabled=False)
    try:
        page = context.new_page()
        page.set_content(ICON.sub(whole, compose(job.page, look)))
        page.pdf(path=path, tagged=True, prefer_css_page_size=True, print_background=True)
    finally:
        context.close()


def typst(job: Job, look: Look, path: Path) -> None:
    """Make a PDF of the same words in the same order by Typst, PDF/UA-1, with the fonts of this machine.

    It is plain: headings, paragraphs and lists. Our invisible characters are left out, as Typst breaks
    lines by dictionaries of its own.
    """
    from typst import compile as make_pdf

    source = typst_markup(job.page, words.parse_html(compose(job.page, look)))
    path.write_bytes(make_pdf(source.encode(), format="pdf", pdf_standards="ua-1"))


def typst_markup(page: Page, root: Element) -> str:
    """Return a page, without its margins, as Typst markup."""
    families = ", ".join(map(quoted, page.families))
    body = next(child for child in root if child.tag == "body")
    parts = (_typst(child) for child in body if child.get("class") not in words.MARGINS)
    return (
        f"#set document(title: {quoted(page.handout.title.text)}, date: none)\n"
        f'#set page(paper: "a4")\n'
        f"#set text(font: ({families},), size: 12pt, {_language(page.locale.tag, page.locale.direction)})\n"
        f"{''.join(parts)}\n"
    )


def _typst(element: Element) -> str:
    """Return an element as Typst markup: its own words, then each child and what stands after it."""
    if element.tag == "svg":
        return ""
    inner = _text(element.text) + "".join(_typst(child) + _text(child.tail) for child in element)
    apart = element.tag in words.BLOCKS or element.get("class") == "label"
    match element.tag:
        case "h1" | "h2" | "h3":
            inner = f"#heading(level: {element.tag[1]})[{inner}]"
        case "li":
            inner = f"#list.item[\n\n{inner}\n\n]"
        case "strong":
            inner = f"#strong[{inner}]"
    inner = f"\n\n{inner}\n\n" if apart else inner
    lang, direction = element.get("lang"), element.get("dir")
    return f"#[#set text({_language(lang, direction)});{inner}]" if lang or direction else inner


def _language(tag: str | None, direction: str | None) -> str:
    """Return what Typst is told of a text: its language, without script and country, and its direction."""
    told = [f'lang: "{tag.split("-")[0]}"'] if tag else []
    return ", ".join([*told, *([f"dir: {direction}"] if direction else [])])


def _text(text: str | None) -> str:
    """Return words as Typst markup: white space folded and outside, the rest as it is written."""
    folded = WHITE.sub(" ", without_breaks(text or ""))
    inner = folded.strip(" ")
    if not inner:
        return folded
    before, after = folded[: folded.index(inner)], folded[folded.index(inner) + len(inner) :]
    return f"{before}#{quoted(inner)};{after}"


def quoted(text: str) -> str:
    """Return a text as a Typst string, in which no character but these two means anything."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


ENGINES: dict[str, Engine] = {"ours": ours, "stock": stock, "Chromium": chromium, "Typst": typst}
