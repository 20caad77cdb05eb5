"""The door to the boxes of a page: who asks where something stands is told, and touches no box."""

from __future__ import annotations

from typing import Any

import pytest
import weasyprint

from handouts.pdf.exact import boxes

PAGE = """<html><style>@page {{ size: 100px 200px; margin: 0 }} body {{ margin: 0; font-size: 10px; line-height: 20px }}
.fixed {{ height: {height}px }} .out {{ position: absolute; top: 150px }}</style>
<p data-block=one style="margin: 0; width: 50px; height: 20px">one</p><div class="fixed box">a<br>b<br>c</div>
<p class=out data-block=two style="margin: 0; width: 25px; height: 40px">two</p></html>"""


def document(height: int = 60) -> Any:
    """Return a rendered page with two marked blocks and a box of a height, in pixels, with three lines in it."""
    return weasyprint.HTML(string=PAGE.format(height=height)).render()


def test_marked_blocks_are_found_where_they_stand() -> None:
    """Places are parts of the page, from 0 to 1, also of a block that was taken out of the flow."""
    found = list(boxes.places(document(), "data-block"))
    one, two = ([place for place in found if place.block == name] for name in ("one", "two"))
    assert one[0] == boxes.BlockBox("one", 1, 0.0, 0.0, 0.5, 0.1)
    assert two[0] == boxes.BlockBox("two", 1, 0.0, 0.75, 0.25, 0.2)
    assert (one[1].left, one[1].top, one[1].height) == (0.0, 0.0, 0.1)  # its one line
    assert list(boxes.places(document(), "data-other")) == []


@pytest.mark.parametrize(("height", "over"), [(60, False), (30, True)])
def test_a_box_with_more_lines_than_it_holds_is_seen(height: int, over: bool) -> None:  # noqa: FBT001 - a parameter
    """Three lines of 20 pixels stand in 60 pixels, and run out of 30."""
    assert (boxes.filling(document(height), "box").over > 0) is over
    assert boxes.filling(document(height), "other") == boxes.Filling()


def test_every_box_is_met_once_in_the_order_of_the_source() -> None:
    """What is placed elsewhere is met where it stands in the source."""
    (page,) = document().pages
    found = [box.text for box in boxes.walk_boxes(boxes.page_box(page)) if getattr(box, "text", "")]
    assert found == ["one", "a", "b", "c", "two"]


LONG = """<html><style>@page {{ size: 100px 200px; margin: 40px 0; @top-center {{ content: element(band) }} }}
body {{ margin: 0; font: 10px/10px Noto Sans }} .band {{ position: running(band) }} .narrow {{ width: 30px }}
.drawing {{ position: relative; width: 40px }} .label {{ position: absolute; left: 30px; white-space: nowrap }}</style>
<div class=band>{band}</div><div class=narrow><p data-block=one>{one}</p></div>
<div class=drawing><span class=label data-block=two>{two}</span></div></html>"""


def long(**words: str) -> Any:
    """Return a rendered page of words: in its head, in a narrow column, in a drawing."""
    return weasyprint.HTML(string=LONG.format(**{"band": "", "one": "a b", "two": "c"} | words)).render()


@pytest.mark.parametrize("block", ["one", "two"])
def test_a_word_that_leaves_its_column_or_its_drawing_is_told(block: str) -> None:
    """With the block it stands in and its page; words that stay are not."""
    assert list(boxes.strays(long(), "data-block")) == []
    (stray,) = boxes.strays(long(**{block: "unbreakable"}), "data-block")
    assert stray == boxes.Stray(block, "unbreakable", 1)


@pytest.mark.parametrize("style", ["display: inline-block", "float: left", "width: 90px"])
def test_a_box_that_is_wider_than_its_column_is_no_excuse(style: str) -> None:
    """A box as wide as its words, such as that of a number, or one set wider, has the column it stands in for its edge."""
    word = f'<span style="display: block; {style}">unbreakable</span>'
    (stray,) = boxes.strays(long(one=word), "data-block")
    assert stray == boxes.Stray("one", "unbreakable", 1)


def test_a_head_that_is_too_high_is_told() -> None:
    """Three lines of 10 pixels stand in 40, five do not: what they lack is said in millimetres."""
    assert boxes.margins(long(band="a<br>b<br>c")) == boxes.Margins()
    assert boxes.margins(long(band="a<br>b<br>c<br>d<br>e")).head == pytest.approx(10 * boxes.MM + 1, abs=0.1)


def test_a_box_that_each_copy_fills_is_found() -> None:
    """Its edge, the height of its content and of its lines, and whether it runs over two pages; a page without one has none."""
    html = '<style>@page { size: 100px 200px; margin: 10px } body { margin: 0 }</style><p style="margin: 0; height: 30px">a</p>'
    box = (
        '<div data-slot="own" style="padding: 5px; height: 40px; font-size: 10px; line-height: 20px">b</div>'
    )
    found = boxes.slots(weasyprint.HTML(string=html + box).render())
    assert found == (boxes.Slot("own", 0, 10.0, 40.0, 40.0, 20.0),)
    assert boxes.slots(weasyprint.HTML(string=html).render()) == ()
    long_box = box.replace(" height: 40px;", "").replace(">b<", f">{'b<br>' * 20}<")
    assert [
        boxes.slot_of(boxes.slots(weasyprint.HTML(string=html + each).render()), "own").is_whole
        for each in (box, long_box)
    ] == [True, False]
    with pytest.raises(LookupError):
        boxes.slot_of(found, "other")
