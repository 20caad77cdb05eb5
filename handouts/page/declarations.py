"""What a style sheet can do to a signed text: its rules, without the declarations that cannot take a word away or change it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any

import tinycss2

StyleRule = tuple[str, str]  # a selector, and the declarations of it that count

# How much of each unit a distance may be, about 30 mm: enough for any layout, too little to push words off the paper.
MOST_LENGTH: Mapping[str, float] = {"mm": 30, "cm": 3, "in": 1.2, "pt": 85, "px": 115, "em": 7, "rem": 7}
NESTED = frozenset({"media", "supports", "layer", "container"})


def _any(_: Sequence[Any]) -> bool:
    return True


def _short(tokens: Sequence[Any]) -> bool:
    """Whether every part is a distance from nothing up to what MOST says, or `auto`."""
    return all(
        (token.type == "ident" and token.lower_value == "auto")
        or (token.type == "number" and token.value == 0)
        or (token.type == "dimension" and 0 <= token.value <= MOST_LENGTH.get(token.lower_unit, -1))
        for token in tokens
    )


def _thin(tokens: Sequence[Any]) -> bool:
    """Whether every distance among the parts of a border is short; lines and their colours take no word away."""
    return _short([token for token in tokens if token.type in {"dimension", "number", "percentage"}])


def _apart(tokens: Sequence[Any]) -> bool:
    """Whether lines stand so far apart that they can be read, or as a variable says, which is a row itself."""
    (token, *more) = tokens or [None]
    if token is None or more:
        return False
    named = token.type == "ident" and token.lower_value == "normal"
    return named or _is_variable(token) or (token.type == "number" and 1.15 <= token.value <= 3)  # noqa: PLR2004


def _is_variable(token: Any) -> bool:
    return bool(token.type == "function" and token.lower_name == "var")


def _words_of(*allowed: str) -> Callable[[Sequence[Any]], bool]:
    """Return a test whether every part is one of these words."""
    return lambda tokens: all(token.type == "ident" and token.lower_value in allowed for token in tokens)


# Whatever is not in this list counts, also a property that no one has thought of.
HARMLESS: Mapping[str, Callable[[Sequence[Any]], bool]] = {
    # Room around words: never less than none, and not so much that they leave the paper.
    **{
        f"{name}{side}": _short
        for name in ("margin", "padding")
        for side in ("", "-top", "-right", "-bottom", "-left", "-block", "-block-start", "-block-end",
                     "-inline", "-inline-start", "-inline-end")
    },
    **dict.fromkeys(("gap", "row-gap", "column-gap", "border-radius", "border-spacing"), _short),
    # Lines around words.
    **{
        f"border{side}{part}": _thin
        for side in ("", "-top", "-right", "-bottom", "-left", "-block", "-block-start", "-block-end",
                     "-inline", "-inline-start", "-inline-end")
        for part in ("", "-width", "-style", "-color")
    },
    # Where a line or a page ends: all words are still there, in their order.
    **dict.fromkeys(
        ("break-before", "break-after", "break-inside", "page-break-before", "page-break-after",
         "page-break-inside", "orphans", "widows"),
        _any,
    ),
    # How thick or upright a letter is.
    **dict.fromkeys(("font-weight", "font-style"), _any),
    "line-height": _apart,
    # At which side words stand.
    "text-align": _words_of("left", "right", "center", "start", "end", "justify"),
    "vertical-align": _words_of("top", "middle", "bottom", "baseline"),
    # The paper is the region's or a person's choice, and a page is made of either.
    "size": _words_of("a4", "letter"),
}  # fmt: skip


@cache
def rules(css: str) -> tuple[StyleRule, ...]:
    """Return the rules of a style sheet that can take a word from a page or change it, in order."""
    nodes = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return tuple(_rules(nodes, ""))


@cache
def declarations(css: str) -> str:
    """Return the declarations of a `style` attribute that can take a word from a page or change it."""
    return "; ".join(text for _, text in _rules(_contents(css), ""))


def _contents(of: Any) -> Iterable[Any]:
    """Return what stands in a block: declarations, and rules within it."""
    return list(tinycss2.parse_blocks_contents(of, skip_comments=True, skip_whitespace=True))


def _rules(nodes: Iterable[Any], around: str) -> Iterator[StyleRule]:
    """Yield the rules of parsed nodes that count; declarations that stand together are one."""
    for is_declaration, run in groupby(nodes, key=lambda node: node.type == "declaration"):
        if is_declaration:
            counting = "; ".join(_declaration(node) for node in run if not _is_harmless(node))
            if counting:
                yield around, counting
        else:
            for node in run:
                yield from _rule(node, around)


def _rule(node: Any, around: str) -> Iterator[StyleRule]:
    """Yield the rules of one node that is not a declaration; one that cannot be read is a rule too."""
    if node.type == "qualified-rule":
        yield from _rules(_contents(node.content), f"{around} {_text(node.prelude)}".strip())
    elif node.type == "at-rule":
        name = f"{around} @{node.lower_at_keyword} {_text(node.prelude)}".strip()
        if node.content is None:
            yield name, ""
        elif node.lower_at_keyword in NESTED:
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield from _rules(inner, name)
        elif node.lower_at_keyword == "page" or around.startswith("@page"):
            yield from _rules(_contents(node.content), name)
        else:
            yield name, _text(node.content)
    else:
        yield f"{around} not CSS".strip(), f"{node.kind}: {node.message}"


def _is_harmless(declaration: Any) -> bool:
    """Whether a declaration can neither take a word from a page nor change it."""
    test = HARMLESS.get(declaration.lower_name)
    return bool(
        test and test([each for each in declaration.value if each.type not in {"whitespace", "comment"}])
    )


def _declaration(node: Any) -> str:
    """Return a declaration on one line."""
    return f"{node.lower_name}: {_text(node.value)}{' !important' if node.important else ''}"


def _text(tokens: Iterable[Any]) -> str:
    """Return parts of a style sheet on one line, without comments."""
    return " ".join(tinycss2.serialize([each for each in tokens if each.type != "comment"]).split())
