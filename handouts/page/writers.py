"""How messages are written in each format; every value put into them is isolated here, once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import Protocol

from markupsafe import escape

from handouts import markup
from handouts.breaks import JOIN, LONGEST_SYLLABLE, kept_spaces, parted_word, with_breaks
from handouts.model import SOURCE_LANGUAGE, LineEnds, Locale, Rendition
from handouts.page.references import CitationMark
from handouts.page.values import LRI, PDI, Value, isolate

# A name that begins with a number: where text runs from right to left, the number would go to its other end.
NAMED = re.compile(r"\b[0-9]+(?: [A-Za-z]+)+")
NO_RULES = LineEnds()


class Writer(Protocol):
    """How one format writes the pieces of a message."""

    isolates_names: bool
    keeps_spaces: bool  # marks the spaces at which no line ends

    def text(self, text: str) -> str: ...
    def strong(self, inner: str) -> str: ...
    def emphasis(self, inner: str) -> str: ...
    def link(self, inner: str, href: str) -> str: ...
    def value(self, value: Value) -> str: ...
    def citation(self, mark: CitationMark) -> str: ...
    def foreign(self, inner: str, kind: str) -> str: ...
    def in_language(self, inner: str, language: str) -> str: ...


class PrintWriter:
    """HTML for paper: a value stands in a `bdi` with its direction written out, and a word of those `parting` by itself."""

    def __init__(self, locale: Locale, parting: Collection[str] = ()) -> None:
        self.locale = locale
        self.parting = frozenset(parting)
        self.isolates_names = False  # on paper pdfium loses such a name where it begins a line
        self.keeps_spaces = True

    def text(self, text: str) -> str:
        marked = with_breaks(text, self.locale.tag)
        if not any(word in marked for word in self.parting):
            return str(escape(marked))
        return " ".join(map(self._parted, marked.split(" ")))

    def _parted(self, piece: str) -> str:
        """Return what stands between two spaces, with the word that no line has room for parted: all of it, or what follows a slash."""
        long = [
            word for word in self.parting if word == piece or (word in piece and len(word) > LONGEST_SYLLABLE)
        ]
        if not long:
            return str(escape(piece))
        before, word, after = piece.partition(max(long, key=len))
        parted = f'<span class="long">{escape(parted_word(word, self.locale.tag))}</span>'
        return f"{escape(before)}{parted}{escape(after)}"

    def strong(self, inner: str) -> str:
        return f"<strong>{inner}</strong>"

    def emphasis(self, inner: str) -> str:
        return f"<em>{inner}</em>"

    def link(self, inner: str, href: str) -> str:
        return f'<a href="{escape(href)}">{inner}</a>'

    def value(self, value: Value) -> str:
        if value.kind == "counter":
            return f'<span class="counter-{value.text}"></span>'
        # A bare bdi is not enough: without dir, 13 11 14 prints as 14 11 13 in Arabic.
        inner = f'<bdi dir="{value.direction}" class="{value.kind}">{self.text(value.text)}</bdi>'
        return self.link(inner, value.href) if value.href else inner

    def citation(self, mark: CitationMark) -> str:
        # Joined to what it is a citation for, or it begins a line alone.
        return f'{JOIN}<sup class="cite"><a href="#ref-{mark.number}">[{mark.written}]</a></sup>'

    def foreign(self, inner: str, kind: str) -> str:
        return f'<span lang="{SOURCE_LANGUAGE}" dir="ltr" class="{kind}">{inner}</span>'

    def in_language(self, inner: str, language: str) -> str:
        return f'<span lang="{escape(language)}">{inner}</span>'


class WebWriter(PrintWriter):
    """HTML for a browser, which knows by itself where a line may end: what is copied from it is as it was written."""

    def __init__(self, locale: Locale) -> None:
        super().__init__(locale)
        self.isolates_names = locale.direction == "rtl"
        self.keeps_spaces = False

    def text(self, text: str) -> str:
        return str(escape(text))

    def citation(self, mark: CitationMark) -> str:
        return f'<sup class="cite"><a href="#ref-{mark.number}">[{mark.written}]</a></sup>'


class MailWriter(PrintWriter):
    """HTML for mail: isolating characters, since mail clients drop `bdi` and `dir` on links."""

    def __init__(self, locale: Locale) -> None:
        super().__init__(locale)
        self.isolates_names = locale.direction == "rtl"
        self.keeps_spaces = False  # what is copied from an e-mail is as it was written, in every client

    def text(self, text: str) -> str:
        return str(escape(text))  # browsers know by themselves where a line may end

    def value(self, value: Value) -> str:
        inner = str(escape(isolate(value)))
        if value.kind == "phone":
            inner = inner.replace(" ", "\N{NO-BREAK SPACE}")  # Outlook knows no white-space: nowrap.
        if value.kind == "web":
            # A long address must not widen a narrow screen, and clients drop wbr: a line ends between blocks.
            # The isolating characters stand around them all, or the pieces would follow each other from right to left.
            inner = re.sub(rf"[^/{LRI}{PDI}]+/?|/", r'<span class="piece">\g<0></span>', inner)
        return self.link(inner, value.href) if value.href else inner

    def citation(self, mark: CitationMark) -> str:
        return f" {LRI}[{mark.written}]{PDI}"

    def foreign(self, inner: str, kind: str) -> str:
        # On a line of its own: clients that drop dir would mix the two directions.
        return ("<br>" if kind == "beside" else "") + super().foreign(f"{LRI}{inner}{PDI}", kind)


class TextWriter:
    """Plain text: no markup; values isolated by characters where the text runs right to left."""

    def __init__(self, direction: str) -> None:
        self.direction = direction
        self.isolates_names = direction == "rtl"
        self.keeps_spaces = False

    def text(self, text: str) -> str:
        return text

    def strong(self, inner: str) -> str:
        return inner

    def emphasis(self, inner: str) -> str:
        return inner

    def link(self, inner: str, href: str) -> str:
        return f"{inner} ({self.value(Value(href, 'ltr'))})"

    def value(self, value: Value) -> str:
        return value.text if self.direction == value.direction == "ltr" else isolate(value)

    def citation(self, mark: CitationMark) -> str:
        return " " + self.value(Value(f"[{mark.written}]", "ltr"))

    def foreign(self, inner: str, kind: str) -> str:
        return self.value(Value(f"({inner})" if kind == "beside" else inner, "ltr"))

    def in_language(self, inner: str, language: str) -> str:  # noqa: ARG002 - plain text names no language
        return inner


def writer(rendition: Rendition, locale: Locale, parting: Collection[str] = ()) -> Writer:
    """Return the writer of a rendition's format; on paper lines may end within the words `parting`."""
    if rendition.format == "text":
        return TextWriter(locale.direction)
    if rendition.format == "web":
        return WebWriter(locale)
    return MailWriter(locale) if rendition.format in {"email", "eml"} else PrintWriter(locale, parting)


def _with_names_isolated(text: str, to: Writer) -> str:
    """Return a text in which every name that begins with a number is isolated."""
    names = (to.value(Value(name, "ltr")) for name in NAMED.findall(text))
    between = map(to.text, NAMED.split(text))
    return "".join(part for pair in zip_longest(between, names, fillvalue="") for part in pair)


def _texts(
    nodes: tuple[markup.Span, ...], values: Mapping[str, Value], rules: LineEnds, *, keep: bool
) -> Iterator[str]:
    """Yield the texts of a message in their order, on paper with a mark behind each space at which no line ends.

    The message is looked at as it is read: a word may stand in bold, and a number may be a value.
    """
    leaves = [each for each in markup.walk_spans(nodes) if each.kind in {"text", "placeholder"}]
    shown = [
        values[leaf.value].text if leaf.kind == "placeholder" and leaf.value in values else leaf.value
        for leaf in leaves
    ]
    kept = kept_spaces("".join(shown), rules) if keep else frozenset()
    at = 0
    for leaf, text in zip(leaves, shown, strict=True):
        if leaf.kind == "text":
            yield "".join(c + JOIN if at + n in kept else c for n, c in enumerate(text)) if kept else text
        at += len(text)


def write_message(
    text: str,
    to: Writer,
    values: Mapping[str, Value],
    marks: Mapping[str, CitationMark],
    line_ends: LineEnds = NO_RULES,
) -> str:
    """Return a message as the writer writes it: escaped first, then marked up, values put in."""
    nodes = markup.parse_markup(text)
    texts = _texts(nodes, values, line_ends, keep=to.keeps_spaces)

    def node(each: markup.Span, in_link: bool = False) -> str:  # noqa: FBT001, FBT002 - within this function
        own = next(texts) if each.kind == "text" else ""  # before its children: parents come first
        inner = "".join(node(child, in_link or each.kind == "link") for child in each.children)
        match each.kind:
            case "text":
                return _with_names_isolated(own, to) if to.isolates_names else to.text(own)
            case "strong":
                return to.strong(inner)
            case "emphasis":
                return to.emphasis(inner)
            case "link":
                return to.link(inner, each.value)
            # One that nothing fills is told by a check; the preview shows it as it is written.
            case "placeholder":
                value = values.get(each.value)
                if value and in_link:  # no link stands in another
                    value = replace(value, href="")
                return to.value(value) if value else to.text(f"{{{each.value}}}")
            case "citation":
                known = each.value in marks
                return to.citation(marks[each.value]) if known else to.text(f"[@{each.value}]")

    return "".join(map(node, nodes))
