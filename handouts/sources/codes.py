"""`content/openemr.toml`: for which codes OpenEMR offers which handout, each row signed by a clinician."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from handouts.files import is_there
from handouts.model import CODE_TYPES
from handouts.problems import Fault, Problem, did_you_mean
from handouts.sources.nodes import Node
from handouts.sources.reviews import NO_DIGEST, faults_of, load_record, name_of, reviewed_on
from handouts.sources.signed_text import DIGEST_DIGITS, Row, digest_of, plain_row
from handouts.sources.standing import doubt
from handouts.sources.toml import read_toml

CODES_FILE, CODES_FOLDER, CODES_HEAD = "content/openemr.toml", "content/openemr", "code"
CODE_KEYS = ("handout", "codetype", "code", "by", "role", "on", "text")
CODE = re.compile(r"[A-Za-z0-9]+([.-][A-Za-z0-9]+)*")
NO_CODE = Fault("invalid-code", "this is not a code.", "Write it as the code system has it, as in F32.1.")
WHOLE_DIGEST = re.compile(f"[0-9a-f]{{{DIGEST_DIGITS}}}")


@dataclass(frozen=True)
class Code:
    """One row: a clinician says that a handout is for people with a problem of this code."""

    handout: str
    codetype: str
    code: str
    by: str
    role: str
    on: date
    text: str

    def file(self, language: str) -> str:
        """Return the file in which OpenEMR looks for the handout in a language, below its site's folder; it has no capitals."""
        return f"documents/education/{self.codetype}_{self.code}_{language}.pdf".lower()


@dataclass(frozen=True)
class Codes:
    """All rows that can be believed, and the languages that OpenEMR looks for."""

    languages: tuple[str, ...] = ()
    rows: tuple[Code, ...] = ()


NO_CODES = Codes()


def code_rows(handout: str, codetype: str, code: str) -> tuple[Row, ...]:
    """Return what a signature of a row is of."""
    return (("value", f"openemr.{handout}", f"{codetype} {code}"),)


def load_codes(root: Path, handouts: Mapping[str, object], today: date) -> tuple[Codes, list[Problem]]:
    """Return the codes of the project at `root`, and what is wrong with them on that day; a row that is wrong does not count."""
    if not is_there(root / CODES_FILE):
        return Codes(), []
    document = read_toml(root / CODES_FILE, root)
    parts = document.fields([], ["languages", CODES_HEAD])
    rows = [] if parts[CODES_HEAD].is_missing else parts[CODES_HEAD].items()
    languages = () if parts["languages"].is_missing else parts["languages"].texts()
    found: list[Code] = []
    for row in rows:
        before = len(document.problems)
        each = _code(row, today)
        for fault in _faults(root, each, handouts, found) if len(document.problems) == before else ():
            row.fault(fault)
        found += [each] if len(document.problems) == before else []
    return Codes(languages, tuple(found)), document.problems


def code_faults(row: Mapping[str, Any], today: date) -> list[Fault]:
    """Return what is wrong with one row, as its file would have it, on that day."""
    return faults_of(row, lambda node: _code(node, today))


def told_code(code: Code) -> dict[str, Any]:
    """Return a row by its keys, as its file has it."""
    return {key: getattr(code, key) for key in CODE_KEYS}


def _code(node: Node, today: date) -> Code:
    """Return one row; what is wrong with it is noted."""
    parts = node.fields(CODE_KEYS)
    return Code(
        handout=name_of("handout", parts["handout"]),
        codetype=parts["codetype"].choice(CODE_TYPES, CODE_TYPES[0]),
        code=parts["code"].shaped(CODE, NO_CODE),
        by=name_of("by", parts["by"], is_person=True),
        role=name_of("role", parts["role"]),
        on=reviewed_on(parts["on"], today),
        text=parts["text"].shaped(WHOLE_DIGEST, NO_DIGEST),
    )


def _faults(root: Path, each: Code, handouts: Mapping[str, object], earlier: list[Code]) -> Iterator[Fault]:
    """Yield what keeps a row from being believed: it is not what was signed, of no handout, or of a code that has one."""
    fault = doubt(plain_row(told_code(each)), load_record(root, CODES_FOLDER, each.text))
    if fault:
        yield fault
    if each.text != digest_of(code_rows(each.handout, each.codetype, each.code)):
        what = "the row is not what was signed."
        yield Fault("signature-changed", what, "Put it back, or take it out and have it signed again.")
    if each.handout not in handouts:
        what = f"there is no handout “{each.handout}”."
        yield Fault("unknown-handout", what, did_you_mean(each.handout, handouts))
    if any(each.file("") == other.file("") for other in earlier):
        what = f"{each.codetype} {each.code} stands here twice: OpenEMR has room for one handout."
        yield Fault("duplicate-code", what, "Keep one of the rows.")
