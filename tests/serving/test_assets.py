"""Style sheets and scripts come from the templates as they are now, in the colours of the handouts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handouts.page.colours import palette
from handouts.problems import SourceError
from handouts.serving.assets import script, style_sheet
from handouts.sources.look import Look


def test_style_sheets_are_one_below_the_colours_light_and_dark(look: Look) -> None:
    """In the order in which they are named, so that the last counts."""
    changed = replace(
        look, templates={**look.templates, "a.css": "a { }", "b.css": "b { }", "c.js": "new();"}
    )
    whole = style_sheet(changed, "a.css", "b.css")
    assert whole.endswith("a { }\nb { }")
    light, _, dark = whole.partition("@media (prefers-color-scheme: dark)")
    assert palette(look.tokens, "light")["accent"] in light
    assert palette(look.tokens, "dark")["accent"] in dark
    assert script(changed, "c.js") == "new();"


def test_what_is_missing_is_named(look: Look) -> None:
    """As a template that was not found, which is told with its place."""
    with pytest.raises(SourceError, match=r"none\.css"):
        style_sheet(look, "none.css")
    with pytest.raises(SourceError, match=r"none\.js"):
        script(look, "none.js")
