"""The page around what the preview shows: its HTML, style sheet and script, from the templates."""

from __future__ import annotations

from handouts.model import LAYOUTS
from handouts.page.filling import fill
from handouts.serving.assets import script, style_sheet
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
        clinics=sources.content.clinics.values(),
        layouts=LAYOUTS,
    )


def shell_styles(look: Look) -> str:
    """Return the page's style sheet. Raises SourceError where one is missing."""
    return style_sheet(look, "screen.css", "preview.css")


def shell_script(look: Look) -> str:
    """Return the page's script. Raises SourceError where it is missing."""
    return script(look, "preview.js")
