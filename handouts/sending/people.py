"""Whom to write to: a table as clinics have it; every row is a person, or a problem with its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import cast

from handouts.files import read_outside
from handouts.mail.addresses import ADDRESS_FIX, DISPLAY_NAME_FIX, address_fault, name_fault
from handouts.model import LAYOUTS, SOURCE_LANGUAGE, Layout
from handouts.problems import Problem, did_you_mean, in_file
from handouts.sources.load import Sources
from handouts.sources.locales import match_locale

NEEDED_COLUMNS = ("address", "locale")
COLUMNS = (*NEEDED_COLUMNS, "name", "handouts", "layout")
ALSO = {"email": "address", "e-mail": "address", "language": "locale"}
DELIMITERS = (",", ";", "\t")
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods; .xls
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
SAVE_AS = "In the spreadsheet, save it as “CSV UTF-8”."
LANGUAGE_TAG = re.compile(r"(?=.{2,35}$)[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*")
MOST_TOLD = 100  # problems of a list that are told; the others are counted
UNTOLD = Problem("untold", "", "", "")
LONGEST_COMPARED = 40  # characters of a typed word that are compared with the known ones


@dataclass(frozen=True)
class Person:
    """One row that can be sent to.

    `line` is that of the row in its file, from 1. `address` and `name` are as typed, `name` may be
    empty; neither is in the repr, which may get into a log. `locale` is one of the project and
    `asked` the tag that was typed (`es-MX`). `handouts` are slugs, each once and at least one.
    """

    line: int
    address: str = field(repr=False)
    locale: str
    asked: str
    name: str = field(repr=False)
    handouts: tuple[str, ...]
    layout: Layout


@dataclass(frozen=True)
class _Row:
    """A row with a cell for every column; what is wrong in it is added to `problems`.

    Of one that nobody will be told of, as there are very many, it is only kept that something is wrong.
    """

    file: str
    line: int
    cells: Mapping[str, str]
    problems: list[Problem]
    is_told: bool = True

    def cell(self, column: str) -> str:
        """Return the text of a cell, nothing where the file has no such column."""
        return self.cells.get(column, "")

    def add_problem(self, code: str, what: str, fix: str | Callable[[], str]) -> None:
        """Add a problem of this row. Neither sentence may hold the text of a cell: logs are not private."""
        if self.is_told:
            cure = fix if isinstance(fix, str) else fix()
            self.problems.append(in_file(code, self.file, what, cure, line=self.line))
        else:
            self.problems.append(UNTOLD)


def read_people(path: Path, sources: Sources) -> tuple[list[Person], list[Problem]]:
    """Return the people of a CSV file in the order of its rows, and a problem with its line for every other row.

    The file is UTF-8, or UTF-16 with a byte order mark, its cells are separated by commas, semicolons or tabs; its
    first line names the columns. A row without handouts gets all of them. Problems name columns and
    lines, never what is in a cell. Raises nothing.
    """
    problems: list[Problem] = []
    text = _text(path, problems)
    if text is None:
        return [], problems
    rows = _rows(str(path), text, problems)
    line, cells = next(rows, (0, []))
    if not line:
        fix = f"Begin it with the line {','.join(COLUMNS)}."
        problems.append(in_file("empty-file", str(path), "the file is empty.", fix))
    names = _header(str(path), line, cells, problems) if cells else []
    return _people(str(path), names, rows, sources, problems) if names else [], problems


def _people(
    file: str,
    names: list[str],
    rows: Iterable[tuple[int, list[str]]],
    sources: Sources,
    problems: list[Problem],
) -> list[Person]:
    """Return the people of the rows below the first line."""
    seen: dict[tuple[str, str], int] = {}
    found: list[Person | None] = []
    for line, cells in rows:
        row = _Row(file, line, dict(zip(names, cells, strict=False)), problems, len(problems) < MOST_TOLD)
        found.append(_person(row, sources, seen) if _is_whole(row, cells, names) else None)
    if len(problems) > MOST_TOLD:
        what = f"these are the first of {len(problems):,} problems in this list."
        problems[MOST_TOLD:] = [
            in_file("too-many-problems", file, what, "Put these right first: many may have one cause.")
        ]
    if not found:
        what, fix = "there is no row below the first line.", "Write one for each person."
        problems.append(in_file("no-rows", file, what, fix))
    return [person for person in found if person]


def _text(path: Path, problems: list[Problem]) -> str | None:
    """Return the text of the file without its byte order mark, or None after adding what is wrong."""
    data, found = read_outside(path)
    problems += found
    if data is None:
        return None
    if data.startswith(WORKBOOKS):
        what = "this is the workbook of a spreadsheet, not a CSV file."
        problems.append(in_file("file-not-csv", str(path), what, SAVE_AS))
        return None
    encoding = "utf-16" if data.startswith(UTF_16) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "ignore").count("\n") + 1
        kind = "UTF-16" if encoding == "utf-16" else "UTF-8 (but perhaps Windows-1252)"
        what = f"from here on the file is not {kind}."
        problems.append(in_file("file-not-utf8", str(path), what, SAVE_AS, line=line))
    return None


def _delimiter(text: str) -> str:
    """Return the delimiter of the cells: the one by which most columns of the first line that is not blank are known."""

    def fits(delimiter: str) -> tuple[int, int]:
        cells = line.replace('"', "").split(delimiter)
        return len({_column(cell) for cell in cells} & set(COLUMNS)), line.count(delimiter)

    lines = io.StringIO(text, newline="")
    line = next((line for line in lines if line.strip(' \t\r\n,;"')), "")
    return max(DELIMITERS, key=fits)


def _rows(file: str, text: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line and the cells of every row that is not blank.

    One that cannot be read is a problem and has no cells; it does not hide those below it.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            what = "the row cannot be read: its quotes do not match, or a cell is far too long."
            fix = "Close every quote where its cell ends, and write a quote inside a cell twice."
            problems.append(
                in_file("row-not-readable", file, what, fix, line=line)
                if len(problems) < MOST_TOLD
                else UNTOLD
            )
            yield line, []
            continue
        if any(cell.strip() for cell in cells):
            yield line, [cell.strip(" ") for cell in cells]


def _column(cell: str) -> str:
    """Return the name of a column as it is known here, or as it was typed in lower case."""
    name = cell.strip().lower()
    return ALSO.get(name, name)


def _header(file: str, line: int, cells: list[str], problems: list[Problem]) -> list[str]:
    """Return the names of the columns, nothing where one that is needed is missing."""
    names = [_column(cell) for cell in cells]
    for number, name in enumerate(names, start=1):
        # The name is not repeated: in a file without a first line it is somebody's address.
        if name not in COLUMNS:
            what, fix = (
                f"the name of column {number} is not known.",
                did_you_mean(name[:LONGEST_COMPARED], COLUMNS),
            )
            problems.append(in_file("unknown-column", file, what, fix, line=line))
        elif name in names[: number - 1]:
            what = f"column {number} is called “{name}”, as one before it."
            problems.append(in_file("duplicate-column", file, what, "Keep one of them.", line=line))
    missing = [name for name in NEEDED_COLUMNS if name not in names]
    for name in missing:
        what, fix = (
            f"the column “{name}” is missing.",
            "Name it in the first line, as in address,locale,name.",
        )
        problems.append(in_file("missing-column", file, what, fix, line=line))
    return [] if missing else names


def _is_whole(row: _Row, cells: list[str], names: list[str]) -> bool:
    """Whether a row has one cell for each column; adds the problem where it has not."""
    if cells and len(cells) != len(names):
        many = "more" if len(cells) > len(names) else "fewer"
        what = f"the row has {many} cells than the first line: {len(cells)}, not {len(names)}."
        fix = "Put a cell in quotes if it holds a comma, a semicolon or a tab."
        row.add_problem("wrong-number-of-cells", what, fix)
    return len(cells) == len(names)


def _person(row: _Row, sources: Sources, seen: dict[tuple[str, str], int]) -> Person | None:
    """Return the person of a row, or None after adding everything that is wrong with it."""
    before = len(row.problems)
    address, name = _address(row), _name(row)
    locale = _locale(row, sources)
    handouts = _handouts(row, sources)
    layout = _layout(row, locale)
    _check_repeats(row, address, handouts, seen)
    if len(row.problems) > before:
        return None
    return Person(row.line, address, locale, row.cell("locale"), name, handouts, layout)


def _address(row: _Row) -> str:
    """Return the address, nothing after a problem."""
    fault = address_fault(row.cell("address"))
    if fault:
        row.add_problem("invalid-address", f"the row's address {fault}.", ADDRESS_FIX)
    return "" if fault else row.cell("address")


def _name(row: _Row) -> str:
    """Return the name, which may be empty."""
    fault = name_fault(row.cell("name"))
    if fault:
        row.add_problem("invalid-name", f"the row's name {fault}.", DISPLAY_NAME_FIX)
    return row.cell("name")


def _locale(row: _Row, sources: Sources) -> str:
    """Return the locale of the project that serves what was asked for, nothing after a problem.

    There is no fallback: whoever asked for a language that is not there does not get English.
    """
    asked = row.cell("locale")
    tag = match_locale(asked, sources.locales) if LANGUAGE_TAG.fullmatch(asked) else None
    if not asked:
        row.add_problem("locale-missing", "the row's locale is missing.", lambda: _locale_fix(asked, sources))
    elif not tag:
        row.add_problem(
            "unknown-locale", "the locale of this row does not exist.", lambda: _locale_fix(asked, sources)
        )
    return tag or ""


def _locale_fix(asked: str, sources: Sources) -> str:
    """Return the tag of a language that was written out, or the nearest one, or all there are.

    Between two bare codes nearness means nothing: who types `de` does not mean Greek.
    """
    word = asked[:LONGEST_COMPARED].casefold()
    named = (
        tag
        for tag, locale in sources.locales.items()
        if word in {locale.english_name.casefold(), locale.autonym.casefold()}
    )
    return did_you_mean(next(named, word if "-" in word else ""), sources.locales)


def _handouts(row: _Row, sources: Sources) -> tuple[str, ...]:
    """Return the slugs of a row, all of them where it names none; unknown ones are problems."""
    known = sources.content.drafts
    slugs = [slug for slug in re.split(r"[\s|]+", row.cell("handouts")) if slug]
    for slug in dict.fromkeys(slugs):
        if slug not in known:
            near = partial(did_you_mean, slug[:LONGEST_COMPARED], known)
            row.add_problem("unknown-handout", "a handout of this row does not exist.", near)
    return tuple(dict.fromkeys(slug for slug in slugs or known if slug in known))


def _layout(row: _Row, locale: str) -> Layout:
    """Return the layout, `standard` where none is given."""
    layout = row.cell("layout").lower() or LAYOUTS[0]
    if layout not in LAYOUTS:
        near = partial(did_you_mean, layout[:LONGEST_COMPARED], LAYOUTS)
        row.add_problem("unknown-layout", "the layout of this row does not exist.", near)
    if layout == "bilingual" and locale == SOURCE_LANGUAGE:
        what = "the row's layout is bilingual, and there is no translation to print beside the English."
        row.add_problem("layout-not-made", what, "Write standard or large-print as the layout.")
    return cast("Layout", layout)


def _check_repeats(
    row: _Row, address: str, handouts: Iterable[str], seen: dict[tuple[str, str], int]
) -> None:
    """Add a problem for every handout that an earlier row sends to the same address, in whatever case that is typed."""
    for slug in handouts if address else ():
        line = seen.setdefault((address.lower(), slug), row.line)
        if line != row.line:
            what = f"the row's address gets the handout “{slug}” by line {line} already."
            row.add_problem(
                "duplicate-handout", what, "Keep one of the two rows, or name other handouts in one of them."
            )
