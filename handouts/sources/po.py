r"""The text of a PO file as entries, exact to the letter: what msgfmt reads, and nothing else.

polib writes our files, and does not read them: it ends a line where gettext does not (U+2028, form feed), and takes the
letter before such an end for a quote; it knows `#, fuzzy` and not `#,fuzzy`, and `\v` in a text for a backslash and a v.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import polib

from handouts.characters import shown
from handouts.problems import Fault, Problem, located

# gettext's lexer (po-lex.c): words, texts in quotes, comments; a text ends on its line.
PO_TOKEN = re.compile(
    r"""[ \t\r\v\f]+
    |(?P<comment>\#.*)
    |(?P<word>msgctxt|msgid_plural|msgid|msgstr)(?![A-Za-z0-9_$])
    |(?P<index>\[[ \t]*[0-9]{1,3}[ \t]*\])
    |"(?P<text>(?:[^"\\]|\\.)*)"
    """,
    re.VERBOSE,
)
# Most lines: a text, with or without the word before it.
PLAIN_LINE = re.compile(r'(?:(msgctxt|msgid|msgstr) )?"((?:[^"\\]|\\.)*)"')
ESCAPE = re.compile(r"\\(?:([abfnrtv\\\"])|([0-7]{1,3})|x([0-9a-fA-F]+)|(.))")
ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", '"': '"'}
ASCII = 0x80
LINE_MARKS = {"#~|": "obsolete previous", "#~": "obsolete", "#|": "previous"}
UNFINISHED = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?: .*)?")
CHARSET = re.compile(r"charset=([^\s;]+)", re.IGNORECASE)
READABLE = {"utf-8", "utf8", "us-ascii", "ascii", "charset"}  # the last stands in templates
# What may follow what in an entry, by the field that was begun last; one that is complete may be followed by another.
FOLLOWS = {
    "": ("msgctxt", "msgid"),
    "msgctxt": ("msgid",),
    "msgid": ("msgid_plural", "msgstr"),
    "msgid_plural": ("msgstr",),
    "msgstr": ("msgctxt", "msgid"),
}
QUOTES = Fault(
    "invalid-po",
    "this is not a valid PO file: a text stands in quotes, and ends on its line.",
    "Open the file in Poedit, or put the quotes in this line right.",
)
ORDER = Fault(
    "invalid-po",
    "this is not a valid PO file: “{}” cannot stand here.",
    "An entry is msgctxt, msgid, msgstr, each once and in this order. Open the file in Poedit, or put it right.",
)
ESCAPED = Fault(
    "invalid-po",
    "this is not a valid PO file: “{}” stands for no letter.",
    "Write the letter itself, or two backslashes for one.",
)
MERGE = Fault(
    "unfinished-merge",
    "this is an unfinished merge: two versions of the file stand in one.",
    "Choose one of the two, and take out the lines of <<<<<<<, ======= and >>>>>>>.",
)


@dataclass(frozen=True)
class PoFile:
    """The entries of a PO file without its head; `comment` is what stands over that, `head` its lines by name."""

    entries: tuple[polib.POEntry, ...] = ()
    comment: str = ""
    head: dict[str, str] = field(default_factory=dict)


class _InvalidError(Exception):
    """A line is not PO; carries what is wrong with it."""

    def __init__(self, fault: Fault, said: str = "") -> None:
        self.fault = Fault(fault.code, fault.what.format(shown(said)), fault.fix)
        super().__init__(self.fault.what)


def read_po(text: str, file: str) -> tuple[PoFile, list[Problem]]:
    """Return what a PO file holds, as far as it can be read, and what is wrong with its lines."""
    reader = _Reader()
    problems: list[Problem] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        try:
            reader.read(number, line)
        except _InvalidError as error:
            problems.append(located(error.fault, file, line=number))
            reader.skip()
    try:
        reader.end()
    except _InvalidError as error:
        problems.append(located(error.fault, file, line=number))
    found, wrong = _parted(reader.entries, file)
    return found, problems + wrong


class _Reader:
    """Reads lines into entries. After a line that is not PO, what follows is passed over up to the next entry."""

    def __init__(self) -> None:
        self.entries: list[polib.POEntry] = []
        self.entry = polib.POEntry()
        self.field = ""  # what was begun last, and its texts
        self.texts: list[str] = []
        self.before = ""  # the field of the English before, which stands in comments
        self.comments: list[str] = []
        self.lost = False

    def read(self, number: int, line: str) -> None:
        """Take in one line. Raises _InvalidError."""
        bare = line.lstrip(" \t\r\v\f")
        if not bare or (self.lost and not bare.startswith("msgctxt")):
            self.lost = self.lost and bool(bare)
            return
        self.lost = False
        plain = PLAIN_LINE.fullmatch(bare)
        if plain:
            self.plain(number, *plain.groups())
            return
        if UNFINISHED.fullmatch(bare):
            raise _InvalidError(MERGE)
        mark = next((mark for mark in LINE_MARKS if bare.startswith(mark)), "")
        if bare.startswith("#") and not mark:
            self.comment(number, bare)
            return
        for match in _tokens(bare[len(mark) :]):
            self.token(number, match, LINE_MARKS.get(mark, ""))

    def plain(self, number: int, word: str | None, text: str) -> None:
        """Take in a text, with the word before it if there is one. Raises _InvalidError."""
        if word:
            self.word(word, number, obsolete=False)
        elif not self.field:
            raise _InvalidError(ORDER, f'"{text}"')
        self.texts.append(_unescaped(text))

    def comment(self, number: int, line: str) -> None:
        """Take in a comment: of the entry that follows, where the one before is complete."""
        self.begin_after_complete(number)
        kind, rest = line[1:2], line[2:]
        if kind in {",", "="}:
            self.entry.flags += [flag for flag in re.split(r"[\s,]+", rest) if flag]
        elif kind not in {".", ":"}:
            self.comments.append(line[1:].removeprefix(" "))

    def token(self, number: int, match: re.Match[str], mark: str) -> None:
        """Take in a word or a text, in an entry, an obsolete one, or the English before. Raises _InvalidError."""
        if match["comment"]:
            return
        if "previous" in mark:
            self.begin_after_complete(number)
            self.previous(match)
        elif match["word"]:
            self.word(match["word"], number, obsolete=mark == "obsolete")
        elif match["text"] is not None:
            self.plain(number, None, match["text"])
        elif match["index"]:
            if self.field != "msgstr" or self.texts:
                raise _InvalidError(ORDER, match["index"])
            self.entry.msgstr_plural[int(match["index"][1:-1])] = ""

    def previous(self, match: re.Match[str]) -> None:
        """Take in the English that a translation was made from."""
        if match["word"]:
            self.before = f"previous_{match['word']}"
        elif match["text"] is None or self.before not in {
            "previous_msgctxt", "previous_msgid", "previous_msgid_plural",
        }:  # fmt: skip
            raise _InvalidError(ORDER, match[0])
        else:
            earlier = getattr(self.entry, self.before) or ""
            setattr(self.entry, self.before, earlier + _unescaped(match["text"]))

    def word(self, word: str, number: int, *, obsolete: bool) -> None:
        """Begin a field. Raises _InvalidError where it cannot follow the one before, or that one has no text."""
        plural = word == self.field == "msgstr" and bool(self.entry.msgstr_plural)
        if not plural and word not in FOLLOWS[self.field]:
            raise _InvalidError(ORDER, word)
        self.close()
        if self.field == "msgstr" and not plural:
            self.finish()
        if not self.field:
            self.entry.linenum, self.entry.obsolete = self.entry.linenum or number, obsolete
        self.field, self.before = word, ""

    def close(self) -> None:
        """Give the field that was begun last its text. Raises _InvalidError where there is none."""
        if self.field and not self.texts:
            raise _InvalidError(QUOTES)
        text, self.texts = "".join(self.texts), []
        if self.field == "msgstr" and self.entry.msgstr_plural:
            self.entry.msgstr_plural[next(reversed(self.entry.msgstr_plural))] = text
        elif self.field:
            setattr(self.entry, self.field, text)

    def begin_after_complete(self, number: int) -> None:
        """Begin another entry, at a line, where the last one has all its fields."""
        if self.field == "msgstr" and self.texts:
            self.close()
            self.finish()
        self.entry.linenum = self.entry.linenum or number

    def finish(self) -> None:
        """Keep the entry that has been read, and begin another."""
        self.entry.tcomment = "\n".join(self.comments)
        self.entries.append(self.entry)
        self.entry, self.comments, self.field, self.before = polib.POEntry(), [], "", ""

    def skip(self) -> None:
        """Pass over the entry that cannot be read."""
        self.entry, self.comments, self.texts = polib.POEntry(), [], []
        self.field, self.before, self.lost = "", "", True

    def end(self) -> None:
        """Take in the end of the file. Raises _InvalidError where an entry is not complete."""
        if self.field and (self.field != "msgstr" or not self.texts):
            raise _InvalidError(ORDER, "the end of the file")
        self.begin_after_complete(0)


def _tokens(line: str) -> Iterator[re.Match[str]]:
    """Yield the words, texts and comments of a line. Raises _InvalidError at what is none."""
    at = 0
    while at < len(line):
        match = PO_TOKEN.match(line, at)
        if not match:
            raise _InvalidError(QUOTES)
        at = match.end()
        if match.lastgroup:  # no white space
            yield match


def _unescaped(text: str) -> str:
    """Return the letters of a text in quotes. Raises _InvalidError at a backslash that stands for nothing."""

    def letter(match: re.Match[str]) -> str:
        short, octal, digits, _ = match.groups()
        code = int(octal, 8) if octal else int(digits[-8:], 16) if digits else ASCII
        if not short and code >= ASCII:
            raise _InvalidError(ESCAPED, match[0])
        return ESCAPES[short] if short else chr(code)

    return ESCAPE.sub(letter, text) if "\\" in text else text


def _parted(entries: Iterable[polib.POEntry], file: str) -> tuple[PoFile, list[Problem]]:
    """Return the entries without their head, and that; the problem of one that says the file is in another encoding."""
    found: list[polib.POEntry] = []
    heads: list[polib.POEntry] = []
    for entry in entries:
        is_head = not entry.msgid and not entry.msgctxt and not entry.obsolete and not heads
        (heads if is_head else found).append(entry)
    if not heads:
        return PoFile(tuple(found)), []
    lines = (line.partition(":") for line in heads[0].msgstr.split("\n"))
    head = {name.strip(): value.strip() for name, colon, value in lines if colon}
    charset = CHARSET.search(head.get("Content-Type", ""))
    problems = []
    if charset and charset[1].lower() not in READABLE:
        what = f"the head says that the file is {shown(charset[1])}, and it is read as UTF-8."
        fault = Fault(
            "po-other-encoding", what, "Save it as UTF-8 in Poedit (Catalogue properties, charset)."
        )
        problems.append(located(fault, file, line=heads[0].linenum or 0))
    return PoFile(tuple(found), heads[0].tcomment, head), problems
