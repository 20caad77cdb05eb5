"""Style attributes and style sheets, as drawing programs write them → the properties of each element.

Their CSS is a small language: declarations, and rules whose selectors are names, classes and ids. What is more than
that is refused. Nothing of it is printed: a property that is known is read by its own grammar later, and written anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handouts.sources.drawings.refusals import Allowance, Refusal
from handouts.sources.drawings.xml import SVG, Element

CSS_RULE = re.compile(r"\s*+([^{}@;]++)\{([^{}]*+)\}\s*+")
SELECTOR = re.compile(r"(\*|[a-zA-Z][\w-]*+)?((?:[.#][\w-]++)*+)", re.ASCII)
CSS_NAME = re.compile(r"-{0,2}[a-zA-Z_][\w-]*+", re.ASCII)
RULES = 2_000

Declaration = tuple[str, str]


@dataclass(frozen=True)
class CssRule:
    """What one selector says: the element's name (“” for any), its classes, its id, and how much it counts."""

    tag: str
    classes: frozenset[str]
    key: str
    weight: tuple[int, int, int, int]
    declarations: tuple[Declaration, ...]


Sheet = Mapping[
    str, tuple[CssRule, ...]
]  # by what an element must at least have: `#id`, `.class`, its name, or `*`


def without_comments(text: str) -> str:
    """Return CSS without its comments; one that does not end takes the rest with it."""
    first, *others = text.split("/*")
    after = (other.partition("*/")[2] for other in others)
    return " ".join([first, *after]).replace("<!--", " ").replace("-->", " ")


def read_declarations(text: str) -> Iterator[Declaration]:
    """Yield name and value of each declaration. Raises Refusal for what is none."""
    for part in without_comments(text).split(";"):
        name, colon, value = part.partition(":")
        if not part.strip():
            continue
        if not colon or not CSS_NAME.fullmatch(name.strip()):
            raise _unknown(part)
        yield name.strip().lower(), value.strip()


def sheet(root: Element) -> Sheet:
    """Return the rules of all style sheets in a file. Raises Refusal, with the line."""
    found: dict[str, list[CssRule]] = {}
    count = 0
    for element in root.iter(f"{SVG}style"):
        try:
            for selector, body in _rules(element):
                count += 1
                rule = _rule(selector, count, body)
                name = next(iter(sorted(rule.classes)), "")
                place = f"#{rule.key}" if rule.key else f".{name}" if name else rule.tag or "*"
                found.setdefault(place, []).append(rule)
        except Refusal as refusal:
            refusal.line = element.sourceline
            raise
    return {place: tuple(rules) for place, rules in found.items()}


def _rules(element: Element) -> Iterator[tuple[str, tuple[Declaration, ...]]]:
    """Yield each selector of a style sheet with its declarations. Raises Refusal."""
    if element.get("type", "text/css") not in {"", "text/css"}:
        raise _unknown(element.get("type"))
    text, at = without_comments("".join(element.itertext())).rstrip(), 0
    while at < len(text):
        found = CSS_RULE.match(text, at)
        if not found:
            raise _unknown(text[at : at + 200])
        body = tuple(read_declarations(found[2]))
        for selector in found[1].split(","):
            yield selector.strip(), body
        at = found.end()


def _rule(selector: str, order: int, body: tuple[Declaration, ...]) -> CssRule:
    """Return the rule of one selector. Raises Refusal where it says more than that, or is one too many."""
    if order > RULES:
        what = f"the style sheets have more than {RULES:,} rules."
        raise Refusal("drawing-too-large", what, "Export the drawing again as plain SVG.")
    match = SELECTOR.fullmatch(selector)
    if not match or not selector:
        raise _unknown(selector)
    parts = re.findall(r"[.#][\w-]+", match[2])
    classes = frozenset(part[1:] for part in parts if part[0] == ".")
    keys = [part[1:] for part in parts if part[0] == "#"]
    tag = match[1] or ""
    weight = (
        len(keys),
        len(classes),
        int(bool(tag.strip("*"))),
        order,
    )  # Selectors 4, 17; the later one wins
    return CssRule(tag.replace("*", ""), classes, keys[-1] if keys else "", weight, body)


def properties(element: Element, rules: Sheet, allowance: Allowance) -> dict[str, list[str]]:
    """Return what an element is told by attributes, style sheets and its own style, by name, the last one last.

    The earlier values stay: where a program writes a colour twice, the second time for screens that know more colours,
    the first is for us. Raises Refusal.
    """
    found: dict[str, list[str]] = {}
    for name, value in element.attrib.items():
        if "}" not in name and name != "style":
            found[name] = [value]
    tag, classes, key = element.tag.removeprefix(SVG), element.get("class", "").split(), element.get("id", "")
    allowance.spend(len(classes))
    places = ["*", tag, *(f".{name}" for name in classes), f"#{key}"]
    likely = [rule for place in dict.fromkeys(places) for rule in rules.get(place, ())]
    allowance.spend(2 * len(likely))
    own = set(classes)
    matching = [r for r in likely if r.tag in {"", tag} and r.classes <= own and r.key in {"", key}]
    for rule in sorted(matching, key=lambda rule: rule.weight):
        allowance.spend(2 * len(rule.declarations))
        for name, value in rule.declarations:
            found.setdefault(name, []).append(value)
    for name, value in read_declarations(element.get("style", "")):
        found.setdefault(name, []).append(value)
    return found


def _unknown(text: str) -> Refusal:
    """Return the refusal of CSS that is more than declarations for names, classes and ids."""
    shown = " ".join(text.split())[:40]
    return Refusal(
        "drawing-invalid-style",
        f"the styles of the drawing cannot be read: “{shown}”.",
        "Export it with “presentation attributes” (Illustrator) or as “plain SVG” (Inkscape).",
    )
