"""The desk as an application: other hosts are turned away, and no search engine looks in."""

from __future__ import annotations

from handouts.desk.answering import Desk
from handouts.desk.application import application
from tests.desk.browsing import HOST, Browser
from tests.desk.conftest import BASE


def test_only_its_own_names_are_answered_to(desk: Desk) -> None:
    """Whatever address another name leads to (DNS rebinding)."""
    browser = Browser(application(desk, [HOST, "handouts.clinic.example"]), BASE)
    assert browser.get("/", host="handouts.clinic.example:8443").status == 200
    assert browser.get("/", host="evil.example").status == 400
    assert browser.get("/", host="").status == 400


def test_no_search_engine_looks_in(desk: Desk) -> None:
    """Where one finds it at all."""
    assert "Disallow: /" in Browser(application(desk, [HOST])).get("/robots.txt").text
