"""The command `check`: what is wrong, how much is translated, how hard the English reads, whether it can be seen."""

from __future__ import annotations

import json

import pytest

from tests.conftest import LOCALES, Project


def test_every_locale_is_counted_and_the_english_is_graded(project: Project) -> None:
    """Grades by region, contrast by colours, coverage by locale; then the verdict."""
    ran = project.call("check")
    assert ran.code == 0, ran.err
    assert ran.err == ""
    lines = ran.out.splitlines()
    assert lines[0].startswith("English, Flesch-Kincaid grade")
    assert lines[1] == "handout\tau\tca\tgb\tnz\tus"
    assert any(line.startswith("Contrast of text on its background") for line in lines)
    counted = {line.split("\t")[0] for line in lines if line.endswith("\t0\t0")}
    assert counted == set(LOCALES) - {"en"}
    assert lines[-1] == "No errors."


def test_a_locale_alone_is_counted_alone(project: Project) -> None:
    """With its errors and its warnings, and not those of others."""
    project.edit("locales/es/handouts.po", 'msgstr "En resumen"', 'msgstr "En <b>resumen</b>  todo"')
    ran = project.call("check", "es")
    assert ran.code == 1
    heads, row = ran.out.splitlines()
    assert heads == "locale\ttranslated\terrors\twarnings"
    assert row.split("\t")[0] == "es"
    assert int(row.split("\t")[2]) == ran.err.count("\n") - 1 - int(row.split("\t")[3]) > 0
    assert "problem" in ran.err.splitlines()[-1]


def test_problems_are_data_for_a_script(project: Project) -> None:
    """Code, file, line, locale and message of each; nothing else is printed."""
    project.edit("locales/es/handouts.po", 'msgstr "En resumen"', 'msgstr "En <b>resumen</b>"')
    ran = project.call("check", "es", "--json")
    assert (ran.code, ran.err) == (1, "")
    problem = json.loads(ran.out)["problems"][0]
    assert (problem["code"], problem["file"], problem["locale"]) == (
        "html-in-text",
        "locales/es/handouts.po",
        "es",
    )
    text = (project.root / problem["file"]).read_text(encoding="utf-8").splitlines()
    assert "<b>" in "".join(text[problem["line"] - 1 : problem["line"] + 4])
    assert problem["about"].startswith("about-ipt.")


def test_warnings_are_told_and_stop_nothing(project: Project) -> None:
    """Exit 0, and the warning in the JSON too."""
    project.edit("locales/es/handouts.po", 'msgstr "En resumen"', 'msgstr "En  resumen"')
    ran = project.call("check", "es")
    assert ran.code == 0
    assert ran.err.startswith("warning: locales/es/handouts.po:")
    assert ran.out.endswith("No errors.\n")
    told = json.loads(project.call("check", "es", "--json").out)["problems"]
    assert {problem["severity"] for problem in told} == {"warning"}


def test_claims_stand_beside_what_they_rest_on(project: Project) -> None:
    """As lines of a pipe, and as data; what is wrong is told beside them."""
    ran = project.call("check", "en", "--claims")
    assert (ran.code, ran.err) == (0, "")
    heads, *rows = ran.out.splitlines()
    assert heads == "block\tsentence\trests on\twhat was found"
    row = next(row.split("\t") for row in rows if row.startswith("about-ipt.short-evidence"))
    assert row[1:3] == ["It has helped many people with depression.", "cuijpers2016"]
    assert "90 trials" in row[3]
    told = json.loads(project.call("check", "en", "--claims", "--json").out)
    assert told["problems"] == []
    assert {"block", "sentence", "rests_on", "found"} == set(told["claims"][0])
    assert len(told["claims"]) == len(rows) - 1  # and that there are no errors


@pytest.mark.parametrize(
    "file", ["content/handouts/about-ipt.yaml", "content/regions/au.yaml", "locales/glossary.yaml"]
)
def test_beside_broken_yaml_only_that_is_told(project: Project, file: str) -> None:
    """No warning of what is missing because of it, and nothing else of that file."""
    with (project.root / file).open("a", encoding="utf-8") as written:
        written.write("  bad: [x\n")
    ran = project.call("check")
    told, count = ran.err.splitlines()
    assert (ran.code, told.startswith(f"{file}:"), count) == (1, True, "1 problem to put right.")
