"""Templates are filled in: compiled once, and every name they ask for is there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from jinja2 import Environment

from handouts.model import Block
from handouts.page.compose import compose
from handouts.page.filling import _Compiled, environment, groups
from handouts.problems import SourceError
from handouts.sources.look import Look
from tests.memory import KeptAsJson
from tests.page.conftest import Planned


def test_a_name_that_no_one_gives_is_an_error(planned: Planned, look: Look) -> None:
    """A misspelled name in a template stops that page: it never prints as nothing."""
    spoilt = replace(look, templates={**look.templates, "print.html": "{{ handuot }}"})
    with pytest.raises(SourceError, match="handuot"):
        compose(planned("en"), spoilt)
    with pytest.raises(SourceError, match=r"no\.css"):
        compose(planned("en"), replace(look, templates={"print.html": '{{ css("no.css") }}'}))


def test_a_page_is_composed_from_the_look_it_is_given(planned: Planned, look: Look) -> None:
    """A template or a colour that changed shows in the next page, and an equal look is compiled once."""
    page = planned("en")
    other = replace(look, templates={**look.templates, "print.css": "p { color: var(--ink) }"})
    assert "p { color: var(--ink) }" in compose(page, other)
    red = replace(look.tokens["ink"], light="#c00000")
    assert "--ink: #c00000;" in compose(page, replace(look, tokens={**look.tokens, "ink": red}))
    assert environment(replace(other)) is environment(other)


def test_a_template_is_compiled_once_for_all_commands(
    planned: Planned, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an earlier command has compiled is known by its text: the next one compiles what has changed since, and nothing else."""
    page, memory, compiled = planned("en"), KeptAsJson(), []
    lead = "<p>{{ handout.lead.text }}</p>"
    looks = [replace(look, templates={**look.templates, "print.html": text}) for text in (lead, lead + "2")]

    def noted(self: Environment, source: str, *rest: Any, **more: Any) -> Any:
        compiled.append(source)
        return jinja_compile(self, source, *rest, **more)

    jinja_compile = Environment.compile
    monkeypatch.setattr(Environment, "compile", noted)
    composed_pages = []
    for each in (looks[0], looks[0], looks[1]):
        fresh = _Compiled()
        fresh.memory = memory
        monkeypatch.setattr("handouts.page.filling.COMPILED", fresh)
        environment.cache_clear()
        composed_pages.append(compose(page, each))
    environment.cache_clear()
    assert compiled == [lead, lead + "2"]
    assert composed_pages[0] == composed_pages[1] == composed_pages[2].replace("2\n", "\n")


def test_runs_of_one_kind_are_kept_together() -> None:
    """Items share a list and cards a grid; what stands between parts them."""
    kinds = ("item", "item", "paragraph", "card", "item")
    blocks = [Block(str(number), "x", kind=kind) for number, kind in enumerate(kinds)]  # type: ignore[arg-type]
    assert [(kind, len(run)) for kind, run in groups(blocks)] == [
        ("item", 2),
        ("paragraph", 1),
        ("card", 1),
        ("item", 1),
    ]
