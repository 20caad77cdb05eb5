"""What caniemail cannot see in an e-mail: what fetches, runs, hides, is too large, or loses its language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

MOST_BYTES, MOST_STYLES = 90_000, 8_000  # bytes; Gmail clips a message at 102 kB and drops styles above 8,192
LINK_SCHEMES = ("https://", "tel:", "sms:", "mailto:")

_ELEMENTS = {
    **dict.fromkeys(("svg", "math", "canvas"), "clients show no drawing that stands in the text"),
    **dict.fromkeys(("script", "noscript", "template"), "clients run nothing, and call it dangerous"),
    **dict.fromkeys(
        ("form", "input", "button", "select", "textarea", "label"), "a form does not come back from a client"
    ),
    **dict.fromkeys(
        (
            "link",
            "base",
            "iframe",
            "frame",
            "object",
            "embed",
            "picture",
            "source",
            "video",
            "audio",
            "track",
        ),
        "nothing may be fetched",
    ),
    **dict.fromkeys(
        ("article", "aside", "figure", "footer", "header", "main", "nav", "section", "bdi", "wbr", "nobr"),
        "clients drop it",
    ),
}
_FETCHING = frozenset(
    {"background", "poster", "srcset", "imagesrcset", "longdesc", "data", "action", "formaction", "manifest"}
    | {"ping", "profile", "classid", "codebase", "archive", "srcdoc", "lowsrc", "dynsrc", "xlink:href"}
)
_WRAPPERS = frozenset({"div", "table", "td", "th"})
# What a style may hold neither in an element nor in a style sheet, and what it may hold in no element.
_FUNCTION = re.compile(r"(?<![\w-])(url|src|image|[\w-]*image-set|cross-fade|expression|var|env|attr)\s*\(")
_RULE = re.compile(r"@(import|font-face|namespace|charset|keyframes|-[\w-]+)")
_PROPERTY = re.compile(r"position|float|behavior|-moz-binding|--.*")
_DISPLAY = re.compile(r"(inline-)?(flex|grid)|contents")
_OWN_PROPERTY = re.compile(
    r"height|border-([a-z]+-)*radius|visibility|opacity"
    r"|(margin|padding|border|inset)-(inline|block)(-.*)?|(min-|max-)?(inline|block)-size|inset"
)
_OWN_VALUE = re.compile(r"!\s*important|[\d.]rem(?!\w)")
_DECLARATION = re.compile(r"(?:^|[;{])\s*([\w-]+)\s*:\s*([^;{}]*)")
_IGNORED = re.compile(r"/\*[\s\S]*?\*/|\"[^\"\n]*\"|'[^'\n]*'")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def lint(html: str) -> list[str]:
    """Return a sentence for each thing in a finished e-mail that clients drop, refuse or clip.

    The page must say its language and direction on all that survives Gmail (its `div`, tables and
    cells), hold nothing that is fetched but pictures of the message itself (`cid:`), run nothing,
    hide nothing, link only to https, tel, sms and mailto, and be small enough not to be clipped.
    An empty list says that none of this is wrong. What caniemail knows is not checked here.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [*_sizes(html, reader.styles), *_characters(html), *reader.found, *_whole(reader)]


def _sizes(html: str, styles: list[str]) -> Iterator[str]:
    size, sheets = len(html.encode()), sum(len(style.encode()) for style in styles)
    if size > MOST_BYTES:
        yield f"the page has {size:,} bytes, and clients clip it above {MOST_BYTES:,}."
    if sheets > MOST_STYLES:
        yield f"its style sheets have {sheets:,} bytes, and Gmail drops them above {MOST_STYLES:,}."


def _characters(html: str) -> Iterator[str]:
    """Yield what is wrong with characters, written as they are or by their number."""
    for found in dict.fromkeys(_CONTROL.findall(html + unescape(html))):
        yield f"it holds the control character U+{ord(found):04X}, and servers refuse it."


def _whole(reader: _Reader) -> Iterator[str]:
    """Yield what is missing from the page as a whole."""
    if reader.is_open:
        yield "a style sheet or a table is not closed."
    if reader.first != "div":
        yield "no div with lang and dir stands around everything in the body."


class _Reader(HTMLParser):
    """Goes through a page once and notes what is wrong with each element, with its line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.styles: list[str] = []
        self.first = ""
        self._in_body = self._in_style = False
        self._tables: list[tuple[int, bool, bool]] = []  # line, is for layout, has heads

    @property
    def is_open(self) -> bool:
        """Whether something that is checked at its end has not ended."""
        return self._in_style or bool(self._tables)

    def _note(self, what: str, line: int = 0) -> None:
        self.found.append(f"line {line or self.getpos()[0]}: {what}.")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check an element; of two attributes of one name, clients read the first."""
        given = {name: value or "" for name, value in reversed(attrs)}
        self.first = self.first or (tag if self._in_body else "")
        self._in_body |= tag == "body"
        self._in_style = tag == "style"
        if tag == "style":
            self.styles.append("")
        if tag in _ELEMENTS:
            self._note(f"<{tag}>: {_ELEMENTS[tag]}")
        for name, value in attrs:
            for what in _attribute(tag, name, value or ""):
                self._note(what)
        for what in (*_wrapper(tag, given), *_picture(tag, given), *_meta(tag, given)):
            self._note(what)
        if tag == "a" and "href" not in given:
            self._note("<a>: a link leads nowhere")
        self._table(tag, given)

    def _table(self, tag: str, given: dict[str, str]) -> None:
        if tag == "table":
            self._tables.append((self.getpos()[0], given.get("role") == "presentation", False))
        elif tag == "th" and self._tables:
            self._tables[-1] = (*self._tables[-1][:2], True)
            if given.get("scope") not in {"row", "col", "rowgroup", "colgroup"}:
                self._note("<th>: without scope no one hears what it is the head of")

    def handle_endtag(self, tag: str) -> None:
        """Check a style sheet or a table as it ends: a table has heads, or says that it is for layout."""
        if tag == "style" and self._in_style:
            for what in _sheet(self.styles[-1]):
                self._note(what)
        self._in_style = False
        if tag == "table" and self._tables:
            line, is_layout, has_heads = self._tables.pop()
            if is_layout == has_heads:
                self._note('<table>: it has heads, or role="presentation"; not both and not neither', line)

    def handle_data(self, data: str) -> None:
        """Keep a style sheet, which comes in pieces."""
        if self._in_style:
            self.styles[-1] += data

    def handle_comment(self, data: str) -> None:
        """Refuse a comment: some clients take it for an end, some for a condition."""
        self._note(f"a comment (“{data.strip()[:30]}”): some clients show or obey it")

    def unknown_decl(self, data: str) -> None:
        """Refuse `<![if …]>`."""
        self.handle_comment(data)

    def handle_pi(self, data: str) -> None:
        """Refuse `<?…>`."""
        self.handle_comment(data)


def _attribute(tag: str, name: str, value: str) -> Iterator[str]:
    """Yield what is wrong with one attribute."""
    where, shown = f"<{tag} {name}>", value.strip()[:60]
    if name.startswith("on"):
        yield f"{where}: clients run nothing, and call it dangerous"
    elif name.startswith("aria-") or name == "hidden" or (name, tag) == ("dir", "a"):
        yield f"{where}: clients drop it"
    elif name in _FETCHING or (name == "src" and not (tag == "img" and value.startswith("cid:"))):
        yield f"{where} (“{shown}”): nothing may be fetched, and no picture is seen but one sent along (cid:)"
    elif name == "href" and not value.startswith(LINK_SCHEMES) and tag not in _ELEMENTS:
        yield f"{where} (“{shown}”): a link leads to https, tel, sms or mailto"
    elif name == "style":
        yield from (f"{where}: {what}" for what in (*_style(value), *_own(value)))


def _wrapper(tag: str, given: dict[str, str]) -> Iterator[str]:
    """Yield what an element lacks that carries language and direction where html and body are taken off."""
    if tag not in _WRAPPERS:
        return
    if not given.get("lang"):
        yield f"<{tag}>: without lang a reading voice takes the wrong language"
    direction = given.get("dir")
    if direction not in {"ltr", "rtl"}:
        yield f"<{tag}>: without dir its lines may run the wrong way"
    elif dict(_declarations(given.get("style", ""))).get("direction") != direction:
        yield f"<{tag}>: its style must say “direction: {direction}” too, since some clients drop dir"


def _picture(tag: str, given: dict[str, str]) -> Iterator[str]:
    """Yield what a picture lacks."""
    lost = [name for name in ("src", "alt", "width", "height") if tag == "img" and name not in given]
    if lost:
        yield f"<img>: it lacks {', '.join(lost)}"


def _meta(tag: str, given: dict[str, str]) -> Iterator[str]:
    """Yield what a meta element does that a text may not do."""
    if tag == "meta" and "http-equiv" in given:
        yield f"<meta http-equiv> (“{given['http-equiv']}”): a message sends its reader nowhere"


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    """Yield the properties of a style with their values, comments and strings left out."""
    for name, value in _DECLARATION.findall(_IGNORED.sub(" ", style)):
        yield name.lower(), value.strip().lower()


def _style(style: str) -> Iterator[str]:
    """Yield what no style may hold, wherever it stands."""
    bare = _IGNORED.sub(" ", style).lower()
    for name in dict.fromkeys(_FUNCTION.findall(bare)):
        yield f"{name}(): clients know no such thing, or would fetch it"
    if "\\" in style:
        yield "a backslash: clients drop the whole style"
    for name, value in _declarations(style):
        if _PROPERTY.fullmatch(name) or (name == "display" and _DISPLAY.match(value)):
            yield f"“{name}: {value}”: clients drop it"


def _own(style: str) -> Iterator[str]:
    """Yield what an element's own style may not hold, since clients that know no style sheets read it."""
    for name, value in _declarations(style):
        hides = (name, value) == ("display", "none")
        aligns = name == "text-align" and value in {"start", "end"}
        if hides or aligns or _OWN_PROPERTY.fullmatch(name) or _OWN_VALUE.search(value):
            yield f"“{name}: {value}”: clients drop it"


def _sheet(style: str) -> Iterator[str]:
    """Yield what is wrong with a style sheet."""
    bare, depth = _IGNORED.sub(" ", style), 0
    for sign in re.findall(r"[{}@]", bare):
        if sign == "@" and depth:
            yield "<style>: a rule with @ inside another: Gmail drops the whole sheet"
            break
        depth += {"{": 1, "}": -1}.get(sign, 0)
    else:
        if depth:
            yield "<style>: a brace is not closed, or closed twice"
    if "<" in bare:
        yield "<style>: “<” in a style sheet: clients drop it"
    for name in dict.fromkeys(_RULE.findall(bare.lower())):
        yield f"<style>: @{name}: nothing may be fetched, and clients drop it"
    yield from (f"<style>: {what}" for what in _style(style))
