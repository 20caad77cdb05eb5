"""A list as clinics have it: a table of people with a head; every row is one, or a problem with its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from handouts.files import read_outside
from handouts.problems import Problem, did_you_mean, in_file
from handouts.sources.heads import COLUMNS, Columns, Heads
from handouts.sources.load import Sources
from handouts.sources.locales import match_locale

Person = TypeVar("Person")
DELIMITERS = (",", ";", "\t", "|")
SEPARATOR_LINE = re.compile(
    r'"?sep=([,;\t|])"?[,;\t|]*(?:\r\n|\n|\r)', re.IGNORECASE
)  # Excel begins a file so
# What a mail program or a word processor puts around a word, and no address, language or handout has at its edge.
AROUND = ' \t\u00a0\u202f\u2007\u200b\u200e\u200f\u2060\ufeff"“”„‟‘’‚‛«»‹›'
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods; .xls
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
SAVE_AS = "In the spreadsheet, save it as “CSV UTF-8”."
LANGUAGE_TAG = re.compile(r"(?=.{2,35}$)[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*")
MOST_TOLD = 100  # problems of a list that are told; the others are counted
UNTOLD = Problem("untold", "", "", "")
LONGEST_COMPARED = 40  # characters of a typed word that are compared with the known ones


@dataclass(frozen=True)
class Row:
    """A row with its cells by column; what is wrong in it is added to `problems`.

    Of one that nobody will be told of, as there are very many, it is only kept that something is wrong.
    """

    file: str
    line: int
    cells: Mapping[str, str]
    problems: list[Problem]
    is_told: bool = True

    def cell(self, column: str) -> str:
        """Return the text of a cell, nothing where there is none, without what stands around it; a name is as it was typed."""
        text = self.cells.get(column, "")
        if column == "name":
            return text.strip(" \u00a0")
        bare = text.strip(AROUND)
        # An address may begin with an apostrophe; none ends with one.
        return bare[1:-1].strip(AROUND) if len(bare) > 1 and bare[0] == bare[-1] == "'" else bare

    def add_problem(self, code: str, what: str, fix: str | Callable[[], str]) -> None:
        """Add a problem of this row. Neither sentence may hold the text of a cell: logs are not private."""
        if self.is_told:
            cure = fix if isinstance(fix, str) else fix()
            self.problems.append(in_file(code, self.file, what, cure, line=self.line))
        else:
            self.problems.append(UNTOLD)


def read_list(
    path: Path, heads: Heads, columns: Columns, read_row: Callable[[Row], Person | None]
) -> tuple[list[Person], list[Problem]]:
    """Return what `read_row` makes of the rows of a CSV file, in their order, and a problem with its line for every other row.

    The file is UTF-8, or UTF-16 with a byte order mark, its cells are separated by commas, semicolons or tabs (a first line
    `sep=;` says by which); its first line names the columns, in any language that `locales/heads.toml` knows. Cells that are
    left out at the end of a row are empty, and a column without a name may be. Problems name columns and lines. Raises nothing.
    """
    problems: list[Problem] = []
    text = _text(path, problems)
    if text is None:
        return [], problems
    rows = _rows(str(path), text, heads, problems)
    line, cells = next(rows, (0, []))
    if not line:
        fix = f"Begin it with the line {','.join(columns.known)}."
        problems.append(in_file("empty-file", str(path), "the file is empty.", fix))
    names = _header(Row(str(path), line, {}, problems), cells, heads, columns) if cells else []
    return _people(str(path), names, rows, read_row, problems) if names else [], problems


def _people(
    file: str,
    names: list[str],
    rows: Iterable[tuple[int, list[str]]],
    read_row: Callable[[Row], Person | None],
    problems: list[Problem],
) -> list[Person]:
    """Return the people of the rows below the first line."""
    found: list[Person | None] = []
    for line, cells in rows:
        row = Row(file, line, dict(zip(names, cells, strict=False)), problems, len(problems) < MOST_TOLD)
        found.append(read_row(row) if cells and _fits(row, cells, names) else None)
    if len(problems) > MOST_TOLD:
        what = f"these are the first of {len(problems):,} problems in this list."
        problems[MOST_TOLD:] = [
            in_file("too-many-problems", file, what, "Put these right first: many may have one cause.")
        ]
    if not found:
        what, fix = "there is no row below the first line.", "Write one for each person."
        problems.append(in_file("no-rows", file, what, fix))
    return [person for person in found if person is not None]


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


def _delimiter(text: str, heads: Heads) -> str:
    """Return the delimiter of the cells: the one by which most columns of the first line that is not blank are known."""

    def fits(delimiter: str) -> tuple[int, int]:
        cells = line.replace('"', "").split(delimiter)
        return len({heads.column(cell) for cell in cells} & set(COLUMNS)), line.count(delimiter)

    lines = io.StringIO(text, newline="")
    line = next((line for line in lines if line.strip(' \t\r\n,;"')), "")
    return max(DELIMITERS, key=fits)


def _rows(file: str, text: str, heads: Heads, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line and the cells of every row that is not blank.

    One that cannot be read is a problem and has no cells; it does not hide those below it.
    """
    said = SEPARATOR_LINE.match(text)
    table = text[said.end() :] if said else text
    delimiter = said[1] if said else _delimiter(text, heads)
    reader = csv.reader(io.StringIO(table, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1 + bool(said)
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
            yield line, cells


def _header(row: Row, cells: list[str], heads: Heads, columns: Columns) -> list[str]:
    """Return the names of the columns, nothing where one that is needed is missing; a column may have none."""
    names = [heads.column(cell) for cell in cells]
    for number, name in enumerate(names, start=1):
        # The name is not repeated: in a file without a first line it is somebody's address.
        if name and name not in (*columns.known, *columns.passed_over):
            what = f"the name of column {number} is not known."
            fix = did_you_mean(name[:LONGEST_COMPARED], columns.known)
            row.add_problem("unknown-column", what, fix)
        elif name and name in names[: number - 1]:
            what = f"column {number} is called “{name}”, as one before it."
            row.add_problem("duplicate-column", what, "Keep one of them.")
    missing = [name for name in columns.needed if name not in names]
    for name in missing:
        what = f"the column “{name}” is missing."
        fix = f"Name it in the first line, as in {','.join(columns.shown)}, or as your language calls it."
        row.add_problem("missing-column", what, fix)
    return [] if missing else names


def _fits(row: Row, cells: list[str], names: list[str]) -> bool:
    """Whether every cell of a row that holds something stands below a name; adds the problem where one does not."""
    lost = [n for n, cell in enumerate(cells, 1) if cell.strip() and (n > len(names) or not names[n - 1])]
    if lost and lost[0] > len(names):
        what = f"the row has more cells than the first line: {len(cells)}, not {len(names)}."
        row.add_problem(
            "wrong-number-of-cells", what, "Put a cell in quotes if it holds a comma, a semicolon or a tab."
        )
    elif lost:
        what = f"cell {lost[0]} of the row holds something, and its column has no name."
        row.add_problem(
            "cell-without-a-column", what, "Name the column in the first line, or empty the cell."
        )
    return not lost


def locale_of(row: Row, sources: Sources) -> str:
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
