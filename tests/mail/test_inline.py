"""An e-mail carries its styles in its elements, and is composed in one way."""

from __future__ import annotations

import pytest

from handouts.library.plan import Choice, plan
from handouts.mail.inline import compose_for_mail, inline
from handouts.page.approval import Approval
from handouts.page.compose import compose
from handouts.sources.load import Sources
from handouts.sources.look import Look
from tests.conftest import our_look

PAGE = """<html><head><style>:root { --ink: #112233 } .a { color: var(--ink) } .dark-ink { color: red }</style>
<style data-css-inline="keep">@media all { .dark-ink { color: white !important } }</style></head>
<body><p class="a dark-ink">x</p><p class="a">y</p><td class="a" style="width: 10px">z</td></body></html>"""


def test_styles_are_written_into_elements_and_variables_resolved() -> None:
    """Clients drop style sheets and know no variables."""
    html = inline(PAGE)
    assert '<p style="color: #112233;">y</p>' in html
    assert "var(" not in html
    assert "--ink" not in html


def test_what_only_some_clients_know_stays_in_the_head_with_what_it_needs() -> None:
    """The rules of the dark scheme, and the classes they are for; every other class has done its work."""
    html = inline(PAGE)
    assert "<style>@media all { .dark-ink { color: white !important } }</style>" in html
    assert '<p class="dark-ink" style=' in html
    assert 'class="a' not in html
    assert "data-css-inline" not in html


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_html_is_inlined_and_text_is_left_alone(sources: Sources, look: Look, tag: str) -> None:
    """Whoever asks for an e-mail gets what is sent: the build, the check of what was built, the preview."""
    pages = plan(
        Approval(sources, our_look()), Choice((tag,), ("about-ipt",), ("email", "eml", "text"), ("standard",))
    )
    assert len(pages) == 3
    for page in pages:
        finished = compose_for_mail(page, look)
        if page.rendition.format == "text":
            assert finished == compose(page, look)
        else:
            assert finished == inline(compose(page, look))
            assert "style=" in finished.partition("<body")[2]
            assert 'data-block="about-ipt.lead"' in compose_for_mail(page, look, marked=True)
