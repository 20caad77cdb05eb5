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
from handouts.mail.addresses import ADDRESS_FIX, DISPLAY_NAME_FIX, address_fault, addresses_in, name_fault
from handouts.model import LAYOUTS, SOURCE_LANGUAGE, Layout
from handouts.problems import Problem, did_you_mean, in_file
from handouts.sources.heads import COLUMNS, NEEDED_COLUMNS, Heads
from handouts.sources.load import Sources
from handouts.sources.locales import match_locale

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


def read_people(path: Path, sources: Sources) -> tuple[list[Person], list[Problem]]:
    """Return the people of a CSV file in the order of its rows, and a problem with its line for every other row.

    The file is UTF-8, or UTF-16 with a byte order mark, its cells are separated by commas, semicolons or tabs (a first line
    `sep=;` says by which); its first line names the columns, in any language that `locales/heads.toml` knows. Cells that are
    left out at the end of a row are empty, and a column without a name may be. A row without handouts gets all of them.
    Problems name columns and lines, and never what is in a cell, but for two addresses in one. Raises nothing.
    """
    heads = sources.heads
    problems: list[Problem] = []
    text = _text(path, problems)
    if text is None:
        return [], problems
    rows = _rows(str(path), text, heads, problems)
    line, cells = next(rows, (0, []))
    if not line:
        fix = f"Begin it with the line {','.join(COLUMNS)}."
        problems.append(in_file("empty-file", str(path), "the file is empty.", fix))
    names = _header(str(path), line, cells, heads, problems) if cells else []
    return _people(str(path), names, rows, sources, problems) if names else [], problems


def _people(
    file: str,
    names: list[str],
    rows: Iterable[tuple[int, list[str]]],
    sources: Sources,
    problems: list[Problem],
) -> list[Person]:
    """Return the people of the rows below the first line."""
    seen: dict[tuple[str, str, str], int] = {}
    found: list[Person | None] = []
    for line, cells in rows:
        row = _Row(file, line, dict(zip(names, cells, strict=False)), problems, len(problems) < MOST_TOLD)
        found.append(_person(row, sources, seen) if cells and _fits(row, cells, names) else None)
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


def _header(file: str, line: int, cells: list[str], heads: Heads, problems: list[Problem]) -> list[str]:
    """Return the names of the columns, nothing where one that is needed is missing; a column may have none."""
    names = [heads.column(cell) for cell in cells]
    for number, name in enumerate(names, start=1):
        # The name is not repeated: in a file without a first line it is somebody's address.
        if name and name not in COLUMNS:
            what = f"the name of column {number} is not known."
            fix = did_you_mean(name[:LONGEST_COMPARED], COLUMNS)
            problems.append(in_file("unknown-column", file, what, fix, line=line))
        elif name and name in names[: number - 1]:
            what = f"column {number} is called “{name}”, as one before it."
            problems.append(in_file("duplicate-column", file, what, "Keep one of them.", line=line))
    missing = [name for name in NEEDED_COLUMNS if name not in names]
    for name in missing:
        what = f"the column “{name}” is missing."
        fix = "Name it in the first line, as in address,locale,name, or as your language calls it."
        problems.append(in_file("missing-column", file, what, fix, line=line))
    return [] if missing else names


def _fits(row: _Row, cells: list[str], names: list[str]) -> bool:
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


def _person(row: _Row, sources: Sources, seen: dict[tuple[str, str, str], int]) -> Person | None:
    """Return the person of a row, or None after adding everything that is wrong with it."""
    before = len(row.problems)
    address, name = _address(row), _name(row)
    locale = _locale(row, sources)
    handouts = _handouts(row, sources)
    layout = _layout(row, locale)
    _check_repeats(row, address, handouts, locale, seen)
    if len(row.problems) > before:
        return None
    return Person(row.line, address, locale, row.cell("locale"), name, handouts, layout)


def _address(row: _Row) -> str:
    """Return the address, nothing after a problem. Two in one cell are named: somebody has to part them."""
    text = row.cell("address")
    fault = address_fault(text)
    several = addresses_in(text)
    if fault and len(several) > 1:
        what = f"one cell holds {len(several)} addresses: {' and '.join(several)}."
        row.add_problem("several-addresses", what, "Write a row for each person, with one address.")
    elif fault:
        row.add_problem("invalid-address", f"the row's address {fault}.", ADDRESS_FIX)
    return "" if fault else text


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
    slugs = [slug for slug in re.split(r"[\s|,;]+", row.cell("handouts")) if slug]
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
    row: _Row, address: str, handouts: Iterable[str], locale: str, seen: dict[tuple[str, str, str], int]
) -> None:
    """Add a problem for every handout that an earlier row sends to the same address in the same language.

    In whatever case the address is typed. A family has one address and reads two languages: that is two e-mails.
    """
    for slug in handouts if address else ():
        line = seen.setdefault((address.lower(), slug, locale), row.line)
        if line != row.line:
            what = f"the row's address gets the handout “{slug}” in this language by line {line} already."
            fix = "Keep one of the two rows, or name other handouts in one of them."
            row.add_problem("duplicate-handout", what, fix)
