"""The page around the preview comes from the templates as they are now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handouts.problems import SourceError
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.workbench.preview.rendering import View
from handouts.workbench.preview.shell import shell_html, shell_script, shell_styles

VIEW = View("es", "about-ipt", "au", "standard")


def test_the_page_its_styles_and_its_script_are_those_of_the_look(sources: Sources, look: Look) -> None:
    """Names are escaped: a locale may call itself what it wants."""
    spanish = replace(sources.locales["es"], autonym="<b>Español")
    named = replace(sources, locales={**sources.locales, "es": spanish})
    html = shell_html(look, named, VIEW)
    assert '<option value="es" selected>&lt;b&gt;Español' in html
    changed = replace(look, templates={**look.templates, "preview.js": "new();", "preview.css": "p { }"})
    assert shell_script(changed) == "new();"
    assert shell_styles(changed).endswith("p { }")


@pytest.mark.parametrize("name", ["preview.html", "preview.css", "preview.js", "screen.css"])
def test_what_is_missing_is_named(sources: Sources, look: Look, name: str) -> None:
    """As a template that was not found, which is told with its place."""
    bare = replace(look, templates={key: text for key, text in look.templates.items() if key != name})
    with pytest.raises(SourceError, match=name):
        _ = shell_html(bare, sources, VIEW), shell_styles(bare), shell_script(bare)
