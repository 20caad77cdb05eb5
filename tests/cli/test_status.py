"""The command `status`: coverage, state and reviews, as a table, as JSON, and as a page."""

from __future__ import annotations

import json

from tests.conftest import LOCALES, Project

SIGN = (
    "review",
    "sign",
    "es",
    "about-ipt",
    "--reviewer",
    "R. Reader",
    "--role",
    "translator",
    "--translator",
    "T.",
)


def test_every_handout_in_every_locale_has_a_row_and_the_page_is_named(project: Project) -> None:
    """What is not reviewed says so; the page stands in the output folder."""
    ran = project.call("status", "--out", "somewhere")
    assert ran.code == 0, ran.err
    heads, *listed, drafts, region, last = ran.out.splitlines()
    at = listed.index("place\tline\tprinted\tpage\tconfirmed")
    rows, contacts = listed[:at], [line.split("\t") for line in listed[at + 1 :]]
    assert heads.split("\t")[:3] == ["locale", "language", "handout"]
    assert {row.split("\t")[0] for row in rows} == set(LOCALES)
    assert all(row.endswith("\tnone") for row in rows)
    assert ["au", "lifeline", "Lifeline (13 11 14, 0477 13 11 14)", "open"] in [
        [*cells[:3], cells[4]] for cells in contacts
    ]
    assert ["example", "02 5550 0100"] in [cells[:2] for cells in contacts]
    assert {cells[4] for cells in contacts} == {"open"}
    assert drafts == "Until every number of au is confirmed, its pages print DRAFT, whoever has signed."
    assert region == "All of this is for the region au alone: numbers and access differ in others."
    assert last == "As a page: somewhere/status.html"
    assert (project.root / "somewhere/status.html").is_file()


def test_a_changed_value_is_named_below_the_table(project: Project) -> None:
    """From what to what, who must sign again, and why the review no longer counts."""
    assert project.call(*SIGN, "--kind", "language").code == 0
    project.edit("locales/es/handouts.po", 'msgstr "En resumen"', 'msgstr "En resumen."')
    ran = project.call("status", "es")
    assert "es about-ipt\tabout-ipt.short: En resumen → En resumen." in ran.out
    assert "es about-ipt\tto sign again: R. Reader (language)" in ran.out
    assert "R. Reader (does not count: 1 value changed since)" in ran.out


def test_json_is_the_rows(project: Project) -> None:
    """As scripts have read it since there was a status: a list."""
    rows = json.loads(project.call("status", "es", "--json").out)
    assert {row["locale"] for row in rows} == {"es"}
    assert {"handout", "state", "missing", "fuzzy", "reviews"} <= set(rows[0])


def test_a_region_or_a_locale_that_does_not_exist_is_a_problem(project: Project) -> None:
    """Each with the nearest that does; nothing is written."""
    ran = project.call("status", "ess", "--region", "atlantis")
    assert ran.code == 2
    assert "“es”" in ran.err
    assert "--region" in ran.err
    assert not (project.root / "dist").exists()
