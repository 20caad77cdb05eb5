"""Whom to write to: every file that clinics have is read, every row that is not safe is told with its line."""

from __future__ import annotations

import csv
import io
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.mail.addresses import address_fault, name_fault
from handouts.model import LAYOUTS
from handouts.problems import Problem
from handouts.sending.lists import MOST_TOLD
from handouts.sending.people import Person, read_people
from handouts.sources.load import Sources

PLAIN = "address,locale,name,handouts,layout\namina@post.example,es,Amina Diaz,about-ipt,standard\n"
INJECTIONS = (
    "x\r\nBcc: y@z.example",
    "x\nBcc: y@z.example",
    "x\rBcc: y@z.example",
    "=?utf-8?q?a=0D=0ABcc:b?=",
    "a\0b",
    "a\x1b[31mb",
    "a\u0085b",
    "a\u2028b",
    "a\u2029b",
    "a\u202eb",
    "a\u2066b",
    "a\u200bb",
    "a\ufeffb",
)
EXCEL: dict[str, str | bytes] = {
    "UTF-8": PLAIN.encode(),
    "UTF-8 with a byte order mark": PLAIN.encode("utf-8-sig"),
    "line ends of Windows": PLAIN.replace("\n", "\r\n").encode("utf-8-sig"),
    "line ends of old Macs": PLAIN.replace("\n", "\r").encode(),
    "semicolons": PLAIN.replace(",", ";").encode("utf-8-sig"),
    "Unicode text": PLAIN.replace(",", "\t").replace("\n", "\r\n").encode("utf-16"),
    "UTF-16, big end first": b"\xfe\xff" + PLAIN.encode("utf-16-be"),
    "Windows-1252 that is plain ASCII": PLAIN.encode("cp1252"),
    "quoted cells": "\n".join(
        ",".join(f'"{cell}"' for cell in row.split(",")) for row in PLAIN.split()[:1]
    ).encode()
    + b'\n"amina@post.example","es","Amina Diaz","about-ipt","standard"',
    "blank lines": PLAIN.replace("\n", "\n\n , ,,,\n").encode(),
    "names of columns in any case and order": (
        b' Layout ;HANDOUTS;E-Mail; Language;NAME\nStandard;about-ipt; amina@post.example ;es;"Amina Diaz"\n'
    ),
    "other names of columns": PLAIN.replace("address", "email").replace("locale", "language").encode(),
    "a line that says what parts the cells": "sep=;\n" + PLAIN.replace(",", ";"),
    "the same, of Windows, in quotes": ('"sep=,"\r\n' + PLAIN.replace("\n", "\r\n")).encode("utf-8-sig"),
    "the same, with a tab": "sep=\t\n" + PLAIN.replace(",", "\t"),
    "heads of Outlook": PLAIN.replace("address", "E-mail Address").replace("locale", "Language"),
    "heads in German": PLAIN.replace("address", "E-Mail-Adresse")
    .replace("locale", "Sprache")
    .replace(",", ";"),
    "heads in Chinese": PLAIN.replace("address", "电子邮件")
    .replace("locale", "语言")
    .replace("name", "姓名"),
    "heads in Arabic": PLAIN.replace("address", "البريد الإلكتروني")
    .replace("locale", "اللغة")
    .replace("name", "الاسم"),
    "heads in Hindi": PLAIN.replace("address", "ईमेल").replace("locale", "भाषा").replace("name", "नाम"),
    "cells left out at the end": PLAIN.replace(",standard", ""),
    "columns without a name": PLAIN.replace("\n", ",,\n"),
    "no-break spaces and quotes of a word processor": PLAIN.replace(
        "amina@post.example,es", "\u00a0“amina@post.example”\u00a0,‘es’\u202f"
    ),
    "a mark that cannot be seen before the address": PLAIN.replace("amina@", "\u200bamina@"),
    "handouts parted by semicolons": PLAIN.replace(",about-ipt", ",about-ipt;about-ipt"),
    "handouts parted by commas": PLAIN.replace(",about-ipt", ',"about-ipt, about-ipt"'),
    "a handout twice": PLAIN.replace(",about-ipt", ",about-ipt | about-ipt").encode(),
}


def read(folder: Path, sources: Sources, data: bytes | str) -> tuple[list[Person], list[Problem]]:
    """Return the people of a file that holds `data`, and the problems."""
    path = folder / "people.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_people(path, sources)


def rows(*cells: list[str], first: str = "address,locale,name,handouts,layout", **form: str) -> str:
    """Return a CSV file with these rows below its first line."""
    text = io.StringIO(newline="")
    csv.writer(text, **form).writerows([first.split(","), *cells])  # type: ignore[arg-type]
    return text.getvalue()


def told(folder: Path, sources: Sources, *cells: list[str]) -> list[str]:
    """Return where and what, for a file whose rows are all bad."""
    people, problems = read(folder, sources, rows(*cells))
    assert not people
    assert all(problem.fix for problem in problems)
    return [f"{problem.where.rsplit('/', 1)[1]}: {problem.what}" for problem in problems]


@pytest.mark.parametrize("kind", EXCEL)
def test_a_file_is_read_as_clinics_save_it(tmp_path: Path, sources: Sources, kind: str) -> None:
    """Encodings, marks of the beginning, what parts cells, quotes, line ends, and first lines as they come."""
    people, problems = read(tmp_path, sources, EXCEL[kind])
    assert not problems
    assert [(p.address, p.locale, p.name, p.handouts, p.layout) for p in people] == [
        ("amina@post.example", "es", "Amina Diaz", ("about-ipt",), "standard")
    ]


def test_what_may_be_left_out_has_a_default(tmp_path: Path, sources: Sources) -> None:
    """No name, every handout, the standard layout; with the columns or without them."""
    for text in (
        "address,locale\na@b.example,en\n",
        "address,locale,name,handouts,layout\na@b.example,en,,,\n",
    ):
        people, problems = read(tmp_path, sources, text)
        every = tuple(sources.content.drafts)
        assert not problems
        assert people == [Person(2, "a@b.example", "en", "en", "", every, "standard")]


def test_a_locale_that_is_near_serves_and_what_was_asked_is_kept(tmp_path: Path, sources: Sources) -> None:
    """A parent, or one of the same language and script; what was typed stays known."""
    asked = {"es-MX": "es", "ES_mx": "es", "zh-TW": "zh-Hant", "zh-CN": "zh-Hans", "en-GB": "en"}
    people, problems = read(
        tmp_path, sources, rows(*([f"{n}@b.example", t, "", "", ""] for n, t in enumerate(asked)))
    )
    assert not problems
    assert {person.asked: person.locale for person in people} == asked


@pytest.mark.parametrize(
    ("typed", "fix"),
    [
        ("", "Use one of:"), ("xx", "Use one of:"), ("de", "Use one of:"), ("Klingon", "Use one of:"), ("es\0", "Use one of:"),
        ("-" * 100_000, "Use one of:"), ("Spanish", "“es”"), ("español", "“es”"), ("zh-Hent", "“zh-Hant”"),
    ],
)  # fmt: skip
def test_nobody_gets_another_language_than_was_asked_for(
    tmp_path: Path, sources: Sources, typed: str, fix: str
) -> None:
    """A locale that is not there is a problem with the nearest one; English comes only when it is asked for."""
    people, problems = read(tmp_path, sources, rows(["a@b.example", typed, "", "", ""]))
    assert not people
    assert [fix in problem.fix for problem in problems] == [True]
    assert "locale" in problems[0].what


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("", "is missing"),
        ("amina", "has no @"),
        ("a@b@c.example", "more than one"),
        ("@b.example", "before the @"),
        ("a..b@c.example", "before the @"),
        (".a@c.example", "before the @"),
        ('"a b"@c.example', "a space"),
        ('"a"@c.example', "before the @"),
        (f"{'a' * 65}@c.example", "before the @"),
        ("a@localhost", "domain"),
        ("a@[127.0.0.1]", "domain"),
        ("a@127.0.0.1", "domain"),
        ("a@-b.example", "domain"),
        ("a@b..example", "domain"),
        ("a@b.example.", "domain"),
        (f"a@{'b' * 64}.example", "domain"),
        (f"a@{'b.' * 130}example", "longer than 254"),
        ("имя@почта.example", "international"),
        ("a@bücher.example", "international"),
        ("a b@c.example", "a space"),
        ("a@b.example,c", "comma"),
        ("a@b.example;c", "semicolon"),
        ("Amina <a@b.example>", "a space"),
        ("<a@b.example>", "angle bracket"),
        ("a\u00a0@b.example", "cannot be seen"),
        ("=?utf-8?q?a?=@b.example", "“=?”"),
        *((f"{bad}@b.example", "") for bad in INJECTIONS),
        *((f"a@b.example{bad}", "") for bad in INJECTIONS if "@" not in bad),  # or they are two
    ],
)
def test_an_address_that_is_none_is_told_with_its_line_alone(
    tmp_path: Path, sources: Sources, address: str, what: str
) -> None:
    """One @, a dot-atom before it, a domain with a dot behind it, ASCII; a log never gets to see it."""
    line = told(tmp_path, sources, [address, "es", "", "", ""])
    assert len(line) == 1
    assert line[0].startswith("people.csv:2: the row's address ")
    assert what in line[0]
    assert not address or address not in line[0]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        *((bad, "the row's name ") for bad in INJECTIONS),
        ("=1+1", "formula"),
        ("+61 2", "formula"),
        ("@SUM(A1)", "formula"),
        (" =1+1", "formula"),
        ("x" * 101, "longer than 100"),
        ("two\nlines", "cannot be seen"),
    ],
)
def test_a_name_that_could_do_harm_is_refused(tmp_path: Path, sources: Sources, name: str, what: str) -> None:
    """Line ends, codes, characters that cannot be seen or turn the text round, formulas; told by line alone."""
    line = told(tmp_path, sources, ["a@b.example", "es", name, "", ""])
    assert len(line) == 1
    assert line[0].startswith("people.csv:2: the row's name ")
    assert what in line[0]
    assert name not in line[0]


@pytest.mark.parametrize(
    "name", ["", "Amina", "O'Neill, Zoë (Dr.)", "آمنه می‌روم", "李小龍", "रश्मि", "x" * 100, 'A "B" C']
)
def test_a_name_may_be_of_any_script(name: str) -> None:
    """Any letters, with the joiners of Persian and Hindi, up to 100 characters."""
    assert not name_fault(name)


@pytest.mark.parametrize("address", ["a@b.example", "first.last+tag@sub-domain.b.example", "o'neill@b.co", "x@xn--bcher-kva.example"])  # fmt: skip
def test_a_common_address_is_right(address: str) -> None:
    """Tags, apostrophes, hyphens, and international domains in their ASCII form."""
    assert not address_fault(address)


def test_every_fault_of_every_row_is_told_at_once(tmp_path: Path, sources: Sources) -> None:
    """A row with several faults has each told; good rows among them are returned."""
    text = rows(
        ["nobody", "xx", "=1", "about-itp none", "big"],
        ["a@b.example", "es", "", "", ""],
        ["c@d.example", "en", "", "", "bilingual"],
    )
    people, problems = read(tmp_path, sources, text)
    assert [person.line for person in people] == [3]
    assert [problem.line for problem in problems] == [2] * 6 + [4]
    assert [word in p.what for word, p in zip(
        ("address", "name", "locale", "handout", "handout", "layout", "English"), problems, strict=True
    )] == [True] * 7  # fmt: skip
    assert "“about-ipt”" in problems[3].fix


def test_a_row_is_told_by_its_first_line(tmp_path: Path, sources: Sources) -> None:
    """Rows may span lines, and blank ones are counted."""
    text = 'address,locale,name\r\n\r\na@b.example,es,"two\r\nlines"\r\nx,es,\r\n"c@d.example",es,""\r\n'
    people, problems = read(tmp_path, sources, text)
    assert [problem.line for problem in problems] == [3, 5]
    assert [person.line for person in people] == [6]


def test_nobody_gets_a_handout_twice(tmp_path: Path, sources: Sources) -> None:
    """The same address with the same handout in one language is told at the later row, whatever the case."""
    text = rows(
        ["a@b.example", "es", "", "about-ipt", ""],
        ["A@B.Example", "es-MX", "", "about-ipt|references", ""],
        ["a@b.example", "es", "", "references", ""],
        ["c@d.example", "xx", "", "", ""],
        ["c@d.example", "es", "", "about-ipt", ""],
    )
    people, problems = read(tmp_path, sources, text)
    assert [person.line for person in people] == [2, 6]
    assert [(p.line, "already" in p.what) for p in problems] == [(3, True), (4, True), (5, False)]
    assert "line 2" in problems[0].what
    assert "line 3" in problems[1].what


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", "", "empty"),
        ("\ufeff", "", "empty"),
        ("\r\n  \r\n,,\r\n", "", "empty"),
        ("address,locale\n", "", "no row"),
        ("address,locale\n\n,\n", "", "no row"),
        ("address\na@b.example\n", ":1", "“locale” is missing"),
        ("locale\nes\n", ":1", "“address” is missing"),
        ("amina@post.example,es\nb@c.example,es\n", ":1", "the name of column 1 is not known"),
        ("adress,locale\na@b.example,es\n", ":1", "“address” is missing"),
        ("address,locale,nmae\na@b.example,es,\n", ":1", "the name of column 3 is not known"),
        ("address,locale,\na@b.example,es,x\n", ":2", "cell 3 of the row holds something"),
        ("address,email,locale\na@b.example,a@b.example,es\n", ":1", "column 2 is called “address”"),
        ("address,locale\na@b.example,es,Amina\n", ":2", "more cells"),
        ("address,name,locale\na@b.example,es\n", ":2", "locale is missing"),
        ('address,locale\n"a@b.example,es\nc@d.example,es\n', ":2", "cannot be read"),
        ('address,locale\n"a"@b.example,es\n', ":2", "cannot be read"),
        (f"address,locale\n{'a' * 140_000},es\n", ":2", "cannot be read"),
        ('"address,locale\n', ":1", "cannot be read"),
        (b"address,locale,name\na@b.example,es,Jos\xe9\n", ":2", "Windows-1252"),
        ("address,locale,name\na@b.example,es,x\n".encode("utf-16")[:-1], ":2", "UTF-16"),
        (b"PK\x03\x04 address,locale", "", "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", "workbook"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_as_it_should_be_says_why(
    tmp_path: Path, sources: Sources, text: str | bytes, line: str, what: str
) -> None:
    """Nothing in it, no rows, no columns, unknown ones, cells that do not fit, quotes, encodings, workbooks."""
    _, problems = read(tmp_path, sources, text)
    assert f"{tmp_path}/people.csv{line}: " in "".join(f"{p.where}: {p.what}\n" for p in problems)
    assert what in "".join(problem.what for problem in problems)
    assert all("amina" not in str(p).removeprefix(p.where) and "Jos" not in str(p) for p in problems)


def test_two_people_of_one_address_are_two_emails(tmp_path: Path, sources: Sources) -> None:
    """A family that reads two languages: each gets theirs, and the ledger knows them apart."""
    text = rows(
        ["fam@b.example", "en", "Mum", "about-ipt", ""], ["fam@b.example", "ar", "Dad", "about-ipt", ""]
    )
    people, problems = read(tmp_path, sources, text)
    assert not problems
    assert [(person.name, person.locale) for person in people] == [("Mum", "en"), ("Dad", "ar")]


@pytest.mark.parametrize(
    "cell",
    [*(f"a@b.example{between}c@d.example" for between in (",", "; ", " ", " / ", "\n", " and ", "、", "+", ":", "=", " -> ")),
     "“a@b.example”, “c@d.example”", "Ann <a@b.example>, Bob <c@d.example>", "Ann Roe (a@b.example) & Bob (c@d.example)",
     "'a@b.example' 'c@d.example'", "a@b.example • c@d.example.", "mailto:a@b.example or c@d.example", "1. a@b.example 2. c@d.example",
     "[a@b.example][c@d.example]", "a@b.example\r\nBcc: c@d.example", "a@b.example, A@b.example, c@d.example"],
)  # fmt: skip
def test_two_addresses_in_one_cell_are_named_whatever_parts_them(
    tmp_path: Path, sources: Sources, cell: str
) -> None:
    """Whoever keeps the list has to part them: the addresses alone are told, each once, and no one's name."""
    people, problems = read(tmp_path, sources, rows([cell, "es", "", "", ""]))
    assert not people
    assert [problem.code for problem in problems] == ["several-addresses"]
    assert "one cell holds 2 addresses: a@b.example and c@d.example." in problems[0].what


@pytest.mark.parametrize(
    "cell",
    ["a@b@c.example", "élan@b.example and c@d.example", "élan+x@b.example and c@d.example", "a@b.example and c@@d.example",
     "a@b and c@d", "a@b.example.c@d.example", "a@b.exämple, c@d.example", "a@b.example <mailto:a@b.example>", "a@1.2.3.4 c@d.example"],
)  # fmt: skip
def test_what_is_no_address_is_not_named(tmp_path: Path, sources: Sources, cell: str) -> None:
    """A part of one would be another's; and one address that is typed twice is one."""
    _, problems = read(tmp_path, sources, rows([cell, "es", "", "", ""]))
    assert [problem.code for problem in problems] == ["invalid-address"]
    assert "example" not in problems[0].what


def test_a_line_that_says_what_parts_the_cells_is_counted(tmp_path: Path, sources: Sources) -> None:
    """Problems have the line that an editor shows."""
    _, problems = read(tmp_path, sources, "sep=;\r\naddress;locale\r\nnobody;es\r\n")
    assert [problem.line for problem in problems] == [3]


def test_a_misspelled_column_is_asked_about(tmp_path: Path, sources: Sources) -> None:
    """An unknown column gets the nearest one there is."""
    _, problems = read(tmp_path, sources, "address,locale,handuots\na@b.example,es,\n")
    assert [problem.fix for problem in problems] == ["Did you mean “handouts”?"]


def test_a_row_that_cannot_be_read_does_not_hide_the_next(tmp_path: Path, sources: Sources) -> None:
    """Reading goes on at the line below."""
    people, problems = read(tmp_path, sources, 'address,locale\n"a"x,es\nnobody,es\nc@d.example,es\n')
    assert [problem.line for problem in problems] == [2, 3]
    assert [person.line for person in people] == [4]


def test_a_file_that_is_none_is_a_problem(tmp_path: Path, sources: Sources) -> None:
    """A folder, nothing at all, a name that no file can have."""
    named = {"folder": tmp_path, "no such": tmp_path / "none.csv", "cannot be read": Path("a\0b")}
    for what, path in named.items():
        people, (problem,) = read_people(path, sources)
        assert people == []
        assert what in problem.what


def test_a_person_who_is_logged_stays_private() -> None:
    """The repr has neither address nor name."""
    shown = repr(Person(2, "amina@post.example", "es", "es-MX", "Amina", ("about-ipt",), "standard"))
    assert "amina" not in shown.lower()
    assert "es-MX" in shown


ATOM = st.text("abcXYZ019+_-'", min_size=1, max_size=12)
ADDRESS = st.builds("{}.{}@{}.example".format, ATOM, ATOM, st.text("abc019", min_size=1, max_size=9))
NAME = st.text(max_size=100).map(lambda text: text.strip(" \u00a0")).filter(lambda text: not name_fault(text))
FORM = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(",;\t"),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
        "lineterminator": st.sampled_from(["\n", "\r\n", "\r"]),
    }
)
ENCODING = st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])


@given(data=st.data(), form=FORM, encoding=ENCODING)
def test_what_a_csv_writer_wrote_comes_back_the_same(
    sources: Sources, data: st.DataObject, form: dict[str, str], encoding: str
) -> None:
    """Whatever parts and ends the rows, in whatever encoding: good rows are read as they were written."""
    row = st.tuples(ADDRESS, st.sampled_from(sorted(sources.locales)), NAME, st.sampled_from(LAYOUTS[:2]))
    written = data.draw(st.lists(row, min_size=1, max_size=8, unique_by=lambda row: row[0].lower()))
    text = rows(*([a, tag, name, "", layout] for a, tag, name, layout in written), **form)
    with tempfile.TemporaryDirectory() as folder:
        people, problems = read(Path(folder), sources, text.encode(encoding))
    assert not problems
    assert [(p.address, p.locale, p.name, p.layout) for p in people] == written


HEADS = st.sampled_from(
    [b"", b"address,locale\n", b"address;locale;name\r\n", "address\tlocale\n".encode("utf-16")]
)
CELLS = st.lists(
    st.sampled_from([b",", b";", b"\t", b"\n", b"\r\n", b'"', b"a@b.example", b"es", b"\0", b"\xff", b"=?"])
)


@given(head=HEADS, tail=st.one_of(st.binary(max_size=300), CELLS.map(b"".join)))
def test_whatever_the_file_holds_it_is_read_or_told(sources: Sources, head: bytes, tail: bytes) -> None:
    """No bytes end in a traceback; nothing is dropped in silence: there are people, or there is a problem."""
    with tempfile.TemporaryDirectory() as folder:
        people, problems = read(Path(folder), sources, head + tail)
    assert people or problems
    for person in people:
        assert not address_fault(person.address)
        assert not name_fault(person.name)
        assert person.locale in sources.locales


@given(
    cells=st.lists(
        st.tuples(st.text(max_size=20), st.sampled_from(["es", "xx", ""]), st.text(max_size=20)), max_size=6
    )
)
def test_every_bad_row_is_told_with_its_line_and_nothing_of_it(
    sources: Sources, cells: list[tuple[str, str, str]]
) -> None:
    """Each row is a person or a problem at its first line, and no problem holds an address or a name."""
    marked = [[f"qj{a}", tag, f"qj{name}"] for a, tag, name in cells]
    text = rows(*marked, first="address,locale,name")
    reader = csv.reader(io.StringIO(text, newline=""))
    starts = [reader.line_num + 1 for _ in reader][:-1]
    with tempfile.TemporaryDirectory() as folder:
        people, problems = read(Path(folder), sources, text)
    assert not people
    assert all("qj" not in p.what + p.fix for p in problems)
    if cells:
        assert list(dict.fromkeys(p.line for p in problems)) == starts


@pytest.mark.untraced
@pytest.mark.parametrize(
    ("row", "own", "of_every_handout"),
    [
        ("a b,zz\n", 2, False),
        ("x@y.example,zz\n", 1, True),
        ("x@y.example\n", 1, True),
        ('"x"y,es\n', 1, False),
        ("x@y.example,es\n", 0, True),
    ],
)
def test_of_very_many_bad_rows_the_first_are_told_and_all_are_counted(
    sources: Sources,
    tmp_path: Path,
    row: str,
    own: int,
    of_every_handout: bool,  # noqa: FBT001 - a table
) -> None:
    """Whatever is wrong with each row, or said again of every handout: a hundred, and how many; none makes the others take long."""
    each = own + of_every_handout * len(sources.content.drafts)
    begun = time.process_time()
    people, problems = read(tmp_path, sources, "address,locale\n" + row * 30_000)
    assert time.process_time() - begun < 10
    assert len(people) <= 1
    assert len(problems) == MOST_TOLD + 1
    assert (problems[-1].code, problems[-1].severity) == ("too-many-problems", "error")
    count = int(
        problems[-1].what.split()[5].replace(",", "")
    )  # the first of several that are the same is fine
    assert 30_000 * each - len(sources.content.drafts) <= count <= 30_000 * each
