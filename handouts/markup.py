"""The inline markup of messages: strong, emphasis, links, placeholders, citations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

NodeKind = Literal["text", "strong", "emphasis", "link", "placeholder", "citation"]

MARKUP_TOKEN = re.compile(
    r"\*\*(?P<strong>[^*]+)\*\*"
    r"|\*(?P<emphasis>[^*]+)\*"
    r"|\[@(?P<citation>[\w-]+)\]"
    r"|\[(?P<link>[^\[\]]+)\]\((?P<url>[^()\s]+)\)"
    r"|\{(?P<placeholder>[a-z_]+)\}"
)
LEFTOVER = re.compile(r"\*|\{|\}|\[@|\]\(")
SAFE_URL = re.compile(r"https://[^\s<>\"']+|(tel|sms):\+?\d+|mailto:[^\s<>\"'@]+@[^\s<>\"'@]+")


@dataclass(frozen=True)
class Span:
    """A piece of a message. `value` is the text, the placeholder's name, the reference id or the address."""

    kind: NodeKind
    value: str
    children: tuple[Span, ...] = ()


@cache
def parse_markup(text: str) -> tuple[Span, ...]:
    """Return the message as nodes; text that only looks like markup stays text."""
    nodes: list[Span] = []
    at = 0
    for match in MARKUP_TOKEN.finditer(text):
        if match.start() > at:
            nodes.append(Span("text", text[at : match.start()]))
        nodes.append(_node(match))
        at = match.end()
    if at < len(text):
        nodes.append(Span("text", text[at:]))
    return tuple(nodes)


def _node(match: re.Match[str]) -> Span:
    """Return the node of one match; what stands inside strong, emphasis and links is parsed too."""
    for kind in ("strong", "emphasis", "link", "placeholder", "citation"):
        inner = match[kind]
        if inner is None:
            continue
        if kind in {"placeholder", "citation"}:
            return Span(kind, inner)
        return Span(kind, match["url"] or "", parse_markup(inner))
    raise AssertionError(match)


def walk_spans(nodes: tuple[Span, ...]) -> Iterator[Span]:
    """Yield every node, parents first."""
    for node in nodes:
        yield node
        yield from walk_spans(node.children)


@cache
def found(text: str, kind: NodeKind) -> tuple[str, ...]:
    """Return the values of all nodes of one kind, in order."""
    return tuple(node.value for node in walk_spans(parse_markup(text)) if node.kind == kind)


def map_words(text: str, change: Callable[[str], str]) -> str:
    """Return a message with `change` applied to its words alone: marks, placeholders and addresses stay."""

    def marked(match: re.Match[str]) -> str:
        for kind, around in (("strong", "**"), ("emphasis", "*")):
            if match[kind] is not None:
                return f"{around}{map_words(match[kind], change)}{around}"
        if match["link"] is not None:
            return f"[{map_words(match['link'], change)}]({match['url']})"
        return match[0]

    parts, at = [], 0
    for match in MARKUP_TOKEN.finditer(text):
        parts += [change(text[at : match.start()]), marked(match)]
        at = match.end()
    return "".join([*parts, change(text[at:])])


def leftovers(text: str) -> list[str]:
    """Return the marks that belong to no markup, such as a lone `**` or `{`."""
    plain = "".join(node.value for node in walk_spans(parse_markup(text)) if node.kind == "text")
    return LEFTOVER.findall(plain)


def plain(text: str) -> str:
    """Return the words alone: marks and citations gone, placeholders kept as written."""
    kept = {"text": "{}", "placeholder": "{{{}}}"}
    return "".join(kept[n.kind].format(n.value) for n in walk_spans(parse_markup(text)) if n.kind in kept)
