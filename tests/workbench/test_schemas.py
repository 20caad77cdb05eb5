"""JSON Schemas: made of the readers' own table, held by what ships, and refusing what the reader refuses for its structure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from handouts.sources.written import WRITTEN
from handouts.workbench.schemas import MODELINE, schema_files, schema_line, schema_of
from tests.conftest import ROOT

# Bad cases in files that have a schema, and that no schema can refuse: what each asks for that one cannot know.
BEYOND: Mapping[str, str] = {
    **dict.fromkeys(
        [
            "claim-not-in-glossary",
            "claim-rests-on-no-reference",
            "clinic-called-like-a-region",
            "clinic-of-unknown-region",
            "handout-offered-unknown",
            "help-line-names-no-line",
            "language-offered-unknown",
            "logo-missing",
            "logo-that-is-half-a-picture",
            "logo-with-too-many-pixels",
            "note-in-no-language",
            "picture-word-missing",
            "picture-word-too-long",
            "profile-with-a-logo-from-elsewhere",
            "profiles-of-one-name",
            "reference-without-finding",
            "unknown-picture",
            "unknown-placeholder",
            "unknown-reference",
        ],
        "what other files hold",
    ),
    **dict.fromkeys(
        [
            "claim-forbidden",
            "claim-without-source",
            "clinic-without-a-name",
            "field-label-marked",
            "file-link",
            "first-line-tells",
            "frame-number-lost",
            "frame-placeholder-unknown",
            "hard-english",
            "invisible-character-in-source",
            "line-separator-in-source",
            "network-link",
            "note-with-a-number-in-other-digits",
            "note-with-a-phone-number",
            "note-with-an-address",
            "number-named-in-a-title",
            "open-mark",
            "phone-in-text",
            "word-without-end-in-source",
        ],
        "what a sentence says",
    ),
    **dict.fromkeys(
        [
            "duplicate-id",
            "duplicate-key",
            "edition-not-older",
            "emergency-number-for-texts-alone",
            "field-without-lines",
            "insert-with-fields",
            "lines-without-field",
            "long-list",
            "no-emergency-number",
            "page-read-before-it-was-written",
            "region-without-interpreter",
        ],
        "which values stand beside each other",
    ),
    **dict.fromkeys(
        [
            "booking-by-nothing",
            "clinic-with-a-wrong-phone",
            "number-that-no-telephone-dials",
            "pale-accent",
            "profile-checked-and-faulty",
            "profile-with-a-fault",
        ],
        "what a number or a colour is worth",
    ),
    **dict.fromkeys(
        [
            "clinic-called-like-a-device-of-windows",
            "clinic-does-not-fit",
            "language-not-offered",
            "stamp-does-not-fit",
        ],
        "what comes of a sound file",
    ),
}


@cache
def validator(name: str) -> Draft202012Validator:
    """Return what holds a file against a schema."""
    schema = json.loads(schema_files()[f"docs/schemas/{name}.schema.json"])
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def faults(name: str, text: str) -> list[str]:
    """Return what an editor would say of a text."""
    return [error.message for error in validator(name).iter_errors(yaml.safe_load(text))]


SHIPPED = [
    (name, path.relative_to(ROOT).as_posix())
    for name, (pattern, _) in WRITTEN.items()
    for path in sorted(ROOT.glob(pattern))
]


def test_what_is_committed_is_what_the_code_makes() -> None:
    """Whoever changes what a file may hold runs `python3 build.py schemas`."""
    there = {
        p.relative_to(ROOT).as_posix(): p.read_text(encoding="utf-8") for p in ROOT.glob("docs/schemas/*")
    }
    assert there == dict(schema_files())


@pytest.mark.parametrize(("name", "file"), SHIPPED)
def test_what_ships_is_as_its_schema_says_and_names_it(name: str, file: str) -> None:
    """The first line leads an editor from the file to the schema."""
    text = (ROOT / file).read_text(encoding="utf-8")
    assert faults(name, text) == []
    first = text.splitlines()[0]
    assert first == schema_line(name, ROOT / file, ROOT)
    assert ((ROOT / file).parent / first.removeprefix(MODELINE)).resolve().is_file()


def test_every_yaml_file_that_people_write_has_a_schema() -> None:
    """One that is new is told here."""
    written = [
        p.relative_to(ROOT).as_posix()
        for folder in ("content", "locales")
        for p in (ROOT / folder).rglob("*.yaml")
    ]
    assert len(written) > len(WRITTEN)
    assert [file for file in written if not schema_of(file)] == []


def spoilt() -> Iterator[tuple[str, str, str]]:
    """Yield the name of each bad case that changes a file with a schema into other YAML, with that schema and the text."""
    for case in sorted((ROOT / "tests/bad").glob("*.yaml")):
        fault: dict[str, Any] = yaml.safe_load(case.read_text(encoding="utf-8"))
        for change in fault.get("changes", []):
            text = changed(change)
            name = schema_of(change["file"]) or ("clinic" if fnmatch(change["file"], "*/north.yaml") else "")
            if name and text is not None and is_yaml(text):
                yield case.stem, name, text


def changed(change: dict[str, Any]) -> str | None:
    """Return the text of a file after a change of a bad case; None where it is no text."""
    path = ROOT / change["file"]
    if "write" in change:
        return str(change["write"])
    if not path.is_file() or not {"append", "replace"} & set(change):
        return None
    text = path.read_text(encoding="utf-8")
    assert change.get("replace", [""])[0] in text, (
        f"{change['file']} no longer holds it: the case guards nothing"
    )
    return text.replace(*change["replace"], 1) if "replace" in change else f"{text}{change['append']}"


def is_yaml(text: str) -> bool:
    """Whether a text can be read as YAML at all: an editor says so without a schema."""
    try:
        return yaml.safe_load(text) is not None
    except (yaml.YAMLError, ValueError, RecursionError):  # a number of 20,000 digits, brackets without end
        return False


def test_a_fault_of_structure_is_refused_by_the_schema_too() -> None:
    """Every bad case in such a file is refused, or it is said why no schema can."""
    cases = list(spoilt())
    assert len(cases) > 40
    accepted = {case for case, name, text in cases if not faults(name, text)}
    assert accepted == set(BEYOND)
    assert all(BEYOND.values())


def test_the_way_to_a_schema_is_told_from_wherever_a_file_lies(tmp_path: Path) -> None:
    """Also from outside of the project."""
    line = schema_line("clinic", tmp_path / "a clinic/north.yaml", tmp_path / "project")
    assert line == f"{MODELINE}../project/docs/schemas/clinic.schema.json"
