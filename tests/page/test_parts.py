"""The parts of a paper that are a clinic's own: found by their marks, emptied on a form, put on a page of their own."""

from __future__ import annotations

import re

import pytest

from handouts.page.parts import HEAD, STEP, apart, begins, blanked, ends

BOX = f'{begins("box")}<div data-slot="box" class="clinic filled small">Name</div>{ends("box")}'
PHONE = f'{begins("phone")}<div class="part" data-slot="phone"><p>Call 1</p></div>{ends("phone")}'
BEFORE = '<html><head><style>a</style></head>\n<body class="x"><div class="band">Draft</div>\n<div class="foot">1</div>'
PAGE = f"{BEFORE}<header>{BOX}<h1>Title</h1></header>{PHONE}<p>Text</p></body></html>"
INSIDE = PAGE.replace("<header>", f"{begins(HEAD)}<header>").replace("</header>", f"</header>{ends(HEAD)}")


def test_a_form_has_an_empty_place_for_each_part() -> None:
    """As high as it is said to be; the box keeps its own size, and what is beside it in a head stays."""
    for page in (PAGE, INSIDE):
        form = blanked(page, {"phone": "12.5"}, rtl=False)
        assert "Name" not in form
        assert "Call" not in form
        assert "<!--" not in form
        assert "<h1>Title</h1>" in form
        assert '<div class="part blank" data-slot="phone" style="height: 12.5px">' in form
        assert '<div data-slot="box" class="clinic filled snug small blank">' in form


def test_a_part_whose_height_is_not_known_is_told() -> None:
    """No form is made of a page that was composed in another way than the parts were."""
    with pytest.raises(KeyError):
        blanked(PAGE, {}, rtl=False)


def test_the_parts_stand_alone_in_the_colour_of_the_clinic() -> None:
    """With nothing else of the page but its head; from right to left with what decides how lines are drawn."""
    alone = apart(PAGE, "#7a1f5c", rtl=False)
    assert alone.index("Name") < alone.index("Call")
    assert "--accent: #7a1f5c" in alone.partition("</head>")[0]
    assert not [each for each in ("Text", "Title", "Draft", "<!--") if each in alone]
    beside = apart(INSIDE, "#7a1f5c", rtl=True)
    assert beside.index("Draft") < beside.index("Name") < beside.index("Title") < beside.index("Call")
    assert "Text" not in beside


def letters(called: str) -> int:
    """Return how many letters on a form stand for a part that says something."""
    form = blanked(PAGE.replace("Call", called), {"phone": "1"}, rtl=True)
    return str(re.findall('<p class="unwritten">([x ]*)</p>', form)[1]).count("x")


def test_letters_on_a_form_stand_for_what_is_read_from_the_left() -> None:
    """From right to left programs count them: not fewer than there will be, and not many more; clinics share a form all the same."""
    assert letters("Call us") == letters("Phone") == STEP
    assert letters("Call " * 20) == 3 * STEP
    assert letters("هاتف" * 100) == STEP
    assert (
        letters("a" * STEP + "\N{ADLAM SMALL LETTER ALIF}" * 20 + "&amp;" * 9) == STEP
    )  # as a page counts: those beyond U+FFFF on neither side
