"""The frame and the patterns of references: every message that is printed, with every value that is put into it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from handouts import markup
from handouts.model import DIAL_WORDS, NUMBERS_STATES, Block
from handouts.sources.frame import CITATION, FILES, INTERFACE, Placeholders, frame_faults, is_on_screens_alone
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import ROOT

# A message of the frame in a template, with what follows it in the call: `words["page"], page=counter("page"))`.
SAID = re.compile(
    r"""words\["([a-z-]+)"\]((?:[^()]|\((?:[^()]|\([^()]*\))*\))*?)(?=\)\s*(?:\}\}|\|)|\)\s*%\}|$)""",
    re.MULTILINE,
)
NAME = re.compile(r"(?:^|,)\s*(\w+)=")


def said_by_templates(look: Look) -> Iterator[tuple[str, set[str]]]:
    """Yield every message that a template prints, with the names of the values it gives."""
    for text in look.templates.values():
        for match in SAID.finditer(text):
            yield match[1], set(NAME.findall(match[2]))


def filled_by_code() -> Iterator[tuple[str, set[str]]]:
    """Yield every pattern that page/references.py fills by name, with the names of the values it gives."""
    tree = ast.parse((ROOT / "handouts/page/references.py").read_text(encoding="utf-8"))
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "fill":
            names = {
                node.value
                for node in ast.walk(call.args[0])
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
            for name in names & set(CITATION):
                yield name, {keyword.arg for keyword in call.keywords if keyword.arg}


def said_by_compose() -> Iterator[tuple[str, set[str]]]:
    """Yield every message that page/compose.py pairs with its values: `(words["imprint"], {"owner": …})`."""
    tree = ast.parse((ROOT / "handouts/page/compose.py").read_text(encoding="utf-8"))
    for pair in ast.walk(tree):
        if isinstance(pair, ast.Tuple) and len(pair.elts) == 2 and isinstance(pair.elts[1], ast.Dict):
            match = re.fullmatch(r"words\['([a-z-]+)'\]", ast.unparse(pair.elts[0]))
            if match:
                yield match[1], {ast.literal_eval(key) for key in pair.elts[1].keys if key}


def test_what_templates_give_is_what_the_frame_knows(look: Look) -> None:
    """A message prints what it is given, and is given what it must hold: read from every call in the templates and compose."""
    composed = list(said_by_compose())
    assert {key for key, _ in composed} == {"imprint", "numbers-read", "numbers-confirmed"}
    calls = [*said_by_templates(look), *composed]
    assert len(calls) > 25
    for key, names in calls:
        assert names == INTERFACE[key].known, f"{key} is given {names}"


def test_every_message_of_the_frame_is_printed(look: Look) -> None:
    """By name in a template or in compose, by the state of a text or its numbers, by the way to dial, as the subject of an e-mail, in the gallery, or about the code."""
    named = {key for key, _ in (*said_by_templates(look), *said_by_compose())}
    states = {key for key in INTERFACE if key.startswith("state-")}
    states |= {f"numbers-{state}" for state in NUMBERS_STATES}
    assert named | states | set(DIAL_WORDS) | {"mail-subject", "web-speak", "scan-code"} == set(INTERFACE)
    assert {INTERFACE[key] for key in DIAL_WORDS} == {Placeholders(("number",))}


def test_what_code_fills_is_what_the_patterns_know() -> None:
    """Every pattern of the reference list that is filled by its name is known, with the values it gets."""
    calls = list(filled_by_code())
    assert {name for name, _ in calls} | {n for n in CITATION if n.startswith("ordinal-")} == set(CITATION)
    for name, names in calls:
        assert names <= CITATION[name].known, f"{name} is given {names}"


@pytest.mark.parametrize("context", FILES)
def test_the_english_holds_everything(sources: Sources, context: str) -> None:
    """Every key stands in its file, with every value that must be printed."""
    known, blocks = (
        (INTERFACE, sources.content.words) if context == "interface" else (CITATION, sources.content.patterns)
    )
    assert set(blocks) == set(known)
    for key, block in blocks.items():
        assert list(frame_faults(block, known[key])) == []
        assert set(markup.found(block.text, "placeholder")) >= set(known[key].required)


def test_a_placeholder_that_is_lost_unknown_or_twice_is_told() -> None:
    """A lost one would print no number; an unknown one would print its braces."""
    block, given = Block("interface.page", "Page {page} of {pages}"), INTERFACE["page"]
    assert list(frame_faults(block, given)) == []
    for text, codes in {
        "Page {page}": [],
        "Page": ["placeholder-missing"],
        "Page {pag}": ["placeholder-missing", "unknown-placeholder"],
        "Page {page} {page}": ["placeholder-twice"],
    }.items():
        assert [fault.code for fault in frame_faults(replace(block, text=text), given)] == codes


def test_messages_of_screens_are_told_from_those_of_paper(look: Look) -> None:
    """No template of a PDF or an e-mail prints one of them."""
    on_screens = [key for key in INTERFACE if is_on_screens_alone(f"interface.{key}")]
    assert len(on_screens) > 5
    for name in ("print.html", "parts.html", "email.html", "text.txt"):
        assert not [key for key in on_screens if f'words["{key}"]' in look.templates[name]]
