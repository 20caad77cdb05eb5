"""Plain text: every detail of a clinic stands on a line of its own, and no number runs into what follows."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from handouts.library.plan import Choice, plan
from handouts.model import Clinic, Format
from handouts.page.approval import Approval
from handouts.page.compose import compose
from handouts.sources.contacts import phones_of
from handouts.sources.load import Sources
from handouts.sources.look import Look

WHOLE = {
    "phones": ("02 5550 0100", "02 5550 0199"),
    "booking": "02 5550 0177",
    "address": ("1 Example Street", "2000 Exampleton"),
    "notes": {"en": "Ring twice.", "ar": "اقرعوا الجرس."},
}
# What a clinic may leave out, so that another detail follows.
LEFT_OUT: tuple[dict[str, object], ...] = (
    {}, {"hours": ""}, {"booking": ""}, {"phones": ("02 5550 0100",)}, {"web": "", "hours": ""}, {"address": ()}, {"notes": {}},
)  # fmt: skip


def said(sources: Sources, look: Look, clinic: Clinic, tag: str, form: Format) -> str:
    """Return a page of a clinic as a reader sees its lines, without marks of direction."""
    some = replace(sources, content=replace(sources.content, clinics={"example": clinic}))
    choice = Choice((tag,), ("about-ipt",), (form,), ("standard",), clinics=("example",))
    (page,) = plan(Approval(some, look), choice)
    text = compose(page, look)
    text = (
        text if form == "text" else re.sub(r"<style.*?</style>|<br>|</p>|</td>", "\n", text, flags=re.DOTALL)
    )
    return re.sub("[\u2066-\u2069]|<[^>]*>", "", text).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("form", ["text", "email", "web", "pdf"])
@pytest.mark.parametrize("tag", ["en", "ar"])
@pytest.mark.parametrize("left_out", LEFT_OUT, ids=str)
def test_no_digit_follows_a_number_of_a_clinic(
    sources: Sources, look: Look, left_out: dict[str, object], tag: str, form: Format
) -> None:
    """Whichever of its details are left out: “02 5550 0100” and “1 Example Street” once made “02 5550 01001”."""
    clinic = replace(sources.content.clinics["example"], **{**WHOLE, **left_out})  # type: ignore[arg-type] # its fields
    text = said(sources, look, clinic, tag, form)
    for number in phones_of(clinic):
        assert number in text
        assert not re.search(rf"\d{re.escape(number)}|{re.escape(number)}\d", text)


def test_each_detail_is_a_line(sources: Sources, look: Look) -> None:
    """In their order."""
    clinic = replace(sources.content.clinics["example"], **WHOLE)  # type: ignore[arg-type] # its fields
    lines = said(sources, look, clinic, "en", "text").splitlines()
    at = lines.index("Example Clinic")
    assert lines[at : at + 10] == [
        "Example Clinic",
        "Phone: 02 5550 0100 · 02 5550 0199",
        "1 Example Street",
        "2000 Exampleton",
        "Open: Mon–Fri 9:00–17:00",
        "To book: 02 5550 0177",
        "https://clinic.example",
        "",
        "A note from your clinic, in its own words:",
        "Ring twice.",
    ]
