"""How messages and values are written in each format."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handouts import markup
from handouts.page.references import CitationMark
from handouts.page.values import PDI, Value, value
from handouts.page.writers import MailWriter, PrintWriter, TextWriter, write
from handouts.sources.load import Sources

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)


@given(TEXT)
def test_no_message_can_write_html(sources: Sources, text: str) -> None:
    """Whatever a message holds, the page gets no element and no attribute that markup does not give."""
    to = PrintWriter(sources.locales["es"])
    names = markup.found(text, "placeholder")
    html = write(
        text,
        to,
        {n: Value("v", "ltr") for n in names},
        dict.fromkeys(markup.found(text, "citation"), CitationMark(1, "1")),
    )
    left = html
    for allowed in (
        "<strong>",
        "</strong>",
        "<em>",
        "</em>",
        "</a>",
        "</bdi>",
        "</sup>",
        '<sup class="cite">',
    ):
        left = left.replace(allowed, "")
    tags = [part.split(">")[0] for part in left.split("<")[1:]]
    assert all(tag.startswith(('a href="', 'bdi dir="')) for tag in tags)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_every_value_is_isolated_once(sources: Sources, text: str) -> None:
    """A value keeps its own order whatever stands around it, in every format."""
    given_value = value(text)
    spanish = sources.locales["es"]
    assert PrintWriter(spanish).value(given_value).count('<bdi dir="') == 1
    assert MailWriter(spanish).value(given_value).count(PDI) >= 1
    assert TextWriter("rtl").value(given_value).endswith(PDI)
