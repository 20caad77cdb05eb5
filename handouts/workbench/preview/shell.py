"""The page around what the preview shows: its HTML, style sheet and script, from the templates."""

from __future__ import annotations

from handouts.model import LAYOUTS
from handouts.page import colours
from handouts.page.compose import fill
from handouts.page.template_problems import template_told
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.workbench.preview.rendering import View


def shell_html(look: Look, sources: Sources, view: View) -> str:
    """Return the page, on which a view is chosen. Raises SourceError for a template that does not work."""
    return fill(
        look,
        "preview.html",
        view=view,
        locales=sources.locales.values(),
        handouts=list(sources.content.drafts),
        regions=sources.content.regions.values(),
        layouts=LAYOUTS,
    )


def shell_styles(look: Look) -> str:
    """Return the page's style sheet, in the colours of the handouts, light and dark. Raises SourceError where one is missing."""
    light, dark = (
        " ".join(f"--{name}: {value};" for name, value in colours.palette(look.tokens, scheme).items())
        for scheme in colours.SCHEMES
    )
    variables = f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"
    with template_told():
        return "\n".join([variables, look.template("screen.css"), look.template("preview.css")])


def shell_script(look: Look) -> str:
    """Return the page's script. Raises SourceError where it is missing."""
    with template_told():
        return look.template("preview.js")
