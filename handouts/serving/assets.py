"""What the pages of our web apps share: a style sheet of several templates in the colours of the handouts, and a script."""

from __future__ import annotations

from handouts.page.colours import SCHEMES, palette
from handouts.page.template_problems import template_told
from handouts.sources.look import Look


def style_sheet(look: Look, *names: str) -> str:
    """Return style sheets by their names as one, below the colours of the handouts, light and dark. Raises SourceError where one is missing."""
    light, dark = (
        " ".join(f"--{name}: {value};" for name, value in palette(look.tokens, scheme).items())
        for scheme in SCHEMES
    )
    variables = f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"
    with template_told():
        return "\n".join([variables, *map(look.template, names)])


def script(look: Look, name: str) -> str:
    """Return a script by its name. Raises SourceError where it is missing."""
    with template_told():
        return look.template(name)
