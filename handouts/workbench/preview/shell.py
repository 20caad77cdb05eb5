"""The page around what the preview shows: its HTML, style sheet and script, from the templates."""

from __future__ import annotations

from handouts.model import LAYOUTS
from handouts.page import colours
from handouts.page.compose import environment
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.workbench.preview.rendering import View


def shell_html(look: Look, sources: Sources, view: View) -> str:
    """Return the page, on which a view is chosen. Raises what Jinja raises for a template that does not work."""
    return (
        environment(look)
        .get_template("preview.html")
        .render(
            view=view,
            locales=sources.locales.values(),
            handouts=list(sources.content.drafts),
            regions=sources.content.regions.values(),
            layouts=LAYOUTS,
        )
    )


def shell_styles(look: Look) -> str:
    """Return the page's style sheet, in the colours of the handouts, light and dark. Raises TemplateNotFound."""
    light, dark = (
        " ".join(f"--{name}: {value};" for name, value in colours.palette(look.tokens, scheme).items())
        for scheme in colours.SCHEMES
    )
    sheets = [
        f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}",
        *(look.template(name) for name in ("screen.css", "preview.css")),
    ]
    return "\n".join(sheets)


def shell_script(look: Look) -> str:
    """Return the page's script. Raises TemplateNotFound."""
    return look.template("preview.js")
