"""A new drawing defines each gradient and clip path once."""

from __future__ import annotations

import pytest
from lxml import etree

from handouts.sources.drawings.clips import Clip
from handouts.sources.drawings.definitions import Definitions, new
from handouts.sources.drawings.gradients import LINEAR_GRADIENT, Gradient, Stop
from handouts.sources.drawings.refusals import Allowance, Refusal
from handouts.sources.drawings.values import IDENTITY

STOPS = (Stop(0, "#000000", 1), Stop(1, "#ff0000", 0.5))
RED = Gradient(LINEAR_GRADIENT, ((0, 0), (9, 0)), (0, 0), STOPS, IDENTITY, boxed=False)


def test_what_is_the_same_has_one_id() -> None:
    """From another origin it is another."""
    definitions = Definitions(Allowance(10**6))
    assert definitions.paint(RED, 0, 0) == definitions.paint(RED, 0, 0) == "url(#d1)"
    assert definitions.paint(RED, 1, 0) == "url(#d2)"
    assert etree.tostring(definitions.elements[0]).decode().count("<stop ") == 2


def test_outlines_lie_in_each_other() -> None:
    """The inner one refers to the outer, which others may use by itself."""
    definitions = Definitions(Allowance(10**6))
    assert definitions.clip(Clip(("M0 0", "M1 1"))) == "url(#d2)"
    assert definitions.clip(Clip(("M1 1",))) == "url(#d1)"
    assert definitions.elements[1].get("clip-path") == "url(#d1)"


def test_every_definition_is_paid_for() -> None:
    """WeasyPrint looks for each through the whole drawing."""
    with pytest.raises(Refusal):
        Definitions(Allowance(10)).paint(RED, 0, 0)


def test_an_element_is_one_of_svg_without_a_prefix() -> None:
    """So that it is read as SVG also within a web page."""
    made = new("g", {"opacity": "0.5"}, [new("path", {"d": "M0 0"})])
    assert etree.tostring(made) == b'<g xmlns="http://www.w3.org/2000/svg" opacity="0.5"><path d="M0 0"/></g>'
