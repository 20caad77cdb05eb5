"""Something in the sources to put right: where it is, what it is, how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Severity = Literal["error", "warning"]
LONGEST_SENTENCE = 1000  # characters of a sentence
# The folders whose files are each of one thing, by what that is.
CONTENT_FOLDERS = {
    "clinic": "content/clinics",
    "region": "content/regions",
    "handout": "content/handouts",
}
PRINTED = "\u200c\u200d\u00a0\u202f\u3000"  # joiners and spaces, which stand in names and sentences


@dataclass(frozen=True)
class Problem:
    """One thing to put right, as data.

    `code` names its kind and never changes, so that scripts and other modules may ask for it; nobody reads the
    sentences. `where` is what a person is shown: a file with its line (`content/regions/au.yaml:14`), an option, the
    machine. `what` and `fix` are whole sentences in plain words. `file` (below the project, or as it was named),
    `line` (from 1, 0 for none) say the place as data, where there is one; `about` is the id of the message, if it is of
    one. `locale`, `clinic`, `region` and `handout` say what it touches: what is of all that are named, and no more.
    `usage` says that it is of the command as it was typed, and of no file: see `in_command`.
    """

    code: str
    where: str
    what: str
    fix: str
    severity: Severity = "error"
    locale: str = ""
    file: str = ""
    line: int = 0
    about: str = ""
    clinic: str = ""
    region: str = ""
    handout: str = ""
    usage: bool = False

    def __post_init__(self) -> None:
        """Write out what cannot be seen, and cut what is very long: a sentence may repeat what stands in a file."""
        for name in ("where", "what", "fix", "about"):
            text = getattr(self, name)
            if len(text) > LONGEST_SENTENCE or not text.isprintable():
                object.__setattr__(self, name, readable(text))

    def __str__(self) -> str:
        about = f" ({self.about})" if self.about else ""
        return f"{self.where}{about}: {self.what} {self.fix}"


def readable(text: str) -> str:
    """Return a text as a terminal may show it: what cannot be seen is written out, and what is very long is cut."""
    short = text if len(text) <= LONGEST_SENTENCE else f"{text[:LONGEST_SENTENCE]}…"
    return "".join(c if c.isprintable() or c in PRINTED else f"<U+{ord(c):04X}>" for c in short)


def in_command(code: str, where: str, what: str, fix: str) -> Problem:
    """Return the problem of a command that was typed wrongly: a name of nothing there is, an option that is missing or says nothing.

    `where` is the option, the argument or the command. A command that ends with one exits with 2 (`cli/report.py`).
    """
    return Problem(code, where, what, fix, usage=True)


def in_file(
    code: str,
    file: str,
    what: str,
    fix: str,
    *,
    line: int = 0,
    item: str = "",
    severity: Severity = "error",
    about: str = "",
) -> Problem:
    """Return the problem of a file, or of a line or an item (“review 2”) in it.

    One below `locales/TAG/` touches that locale; one in a file of `content/clinics/`, `regions/` or `handouts/` touches the
    clinic, region or handout of that name.
    """
    where = f"{file}:{line}" if line else f"{file}, {item}" if item else file
    parts = file.split("/")
    locale = parts[1] if parts[0] == "locales" and len(parts) > 2 else ""  # noqa: PLR2004 - locales, tag, file
    touched: dict[str, Any] = {
        noun: Path(file).stem for noun, folder in CONTENT_FOLDERS.items() if file.startswith(f"{folder}/")
    }
    return Problem(code, where, what, fix, severity, locale, file, line, about, **touched)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems as they are told: errors first, then by file and line, so that line 2 comes before line 10."""
    return sorted(problems, key=lambda p: (p.severity != "error", p.file or p.where, p.line, p.where, p.what))


@dataclass(frozen=True)
class Fault:
    """What is wrong and how to mend it, told by a check that does not know the place; `located` makes a problem of it."""

    code: str
    what: str
    fix: str
    severity: Severity = "error"


def located(fault: Fault, file: str, *, line: int = 0, item: str = "", about: str = "") -> Problem:
    """Return the problem of a fault in a file, or in a line or an item of it."""
    return in_file(
        fault.code, file, fault.what, fault.fix, line=line, item=item, severity=fault.severity, about=about
    )


class SourceError(Exception):
    """The sources cannot be used as they are; carries every problem that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__("\n".join(map(str, self.problems)))


def refuse(problems: Iterable[Problem]) -> None:
    """Raise SourceError with all problems, if there is an error among them."""
    found = tuple(problems)
    if any(problem.severity == "error" for problem in found):
        raise SourceError(found)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: “1 message”, “3 messages”."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that a person most likely meant by a word in any case, nothing where none is near."""
    return next(iter(difflib.get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.5)), "")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a fix: the nearest known word as a question, else the list of all of them."""
    choices = sorted(known)
    near = nearest(word, choices)
    if near:
        return f"Did you mean “{near}”?"
    return f"Use one of: {', '.join(choices)}." if choices else "There is nothing to choose from yet."
