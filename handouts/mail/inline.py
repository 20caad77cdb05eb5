"""E-mail HTML ready to send: composed, and its styles inlined, since clients drop style sheets."""

from __future__ import annotations

import re

import css_inline

from handouts.model import Page
from handouts.page.compose import compose
from handouts.problems import Problem
from handouts.sources.look import Look


def compose_for_mail(
    page: Page, look: Look, *, marked: bool = False, unfilled: list[Problem] | None = None
) -> str:
    """Return the HTML of an e-mail as it is sent, or the text of a page in plain text: the one way to either.

    Where it is `marked`, every block stands between tags that name it, for the preview; for `unfilled` see `compose`.
    """
    composed = compose(page, look, marked=marked, unfilled=unfilled)
    return composed if page.rendition.format == "text" else inline(composed)


def inline(html: str) -> str:
    """Return the page with its styles written into its elements.

    A `<style data-css-inline="keep">` stays as it is: it holds what only some clients know.
    Nothing is fetched. Variables are resolved, since clients do not know them.
    """
    inliner = css_inline.CSSInliner(
        load_remote_stylesheets=False,
        resolve_css_variables=True,
        apply_width_attributes=True,
    )
    return re.sub(r' class="([^"]*)"', _dark_classes, inliner.inline(html)).replace(
        ' data-css-inline="keep"', ""
    )


def _dark_classes(match: re.Match[str]) -> str:
    """Return the class attribute with what the dark scheme's rules need; the others have done their work."""
    kept = [name for name in match[1].split() if name.startswith("dark-")]
    return f' class="{" ".join(kept)}"' if kept else ""
