"""A new clinic's profile: every key with what it is for, those that were given filled in, the others to be filled in later."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import tempfile
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from handouts.files import is_there
from handouts.problems import Problem, in_file
from handouts.sources.clinics import FOLDER, Known, is_path, load_clinics
from handouts.sources.written import CLINIC
from handouts.workbench.schemas import schema_line

Answers = Mapping[str, tuple[str, ...]]  # what was given, by key: one text or several
WIDTH = 100
# How a key is written that was not given, as a comment.
EXAMPLES: Mapping[str, str] = {
    "phone": '"02 5550 0100"',
    "booking": "https://clinic.example/book",
    "address": "1 Example Street, Exampleton",
    "web": "https://clinic.example",
    "hours": "Mon–Fri 9:00–17:00",
    "logo": "logo.svg",
    "accent": '"#0b5563"',
    "site": "https://clinic.example/handouts",
    "languages": "[English, Arabic]",
    "handouts": "[about-ipt]",
    "layout": "large-print",
    "notes": "{en: Ring the bell at the side door.}",
}
LISTED = ("languages", "handouts")  # lists, also of one
HEAD = "# Your clinic's profile. Lines that begin with “#” are only read by people: take the “#” away to fill one in."


def profile_file(root: Path, name: str) -> Path:
    """Return where a new profile goes: to a path, or to that of a slug in the project at `root`."""
    return Path(name).expanduser().absolute() if is_path(name) else root / FOLDER / f"{name}.yaml"


def profile_text(given: Answers, schema: str = "") -> str:
    """Return a profile in YAML with a comment for every key; `schema` is a first line for editors."""
    parts = [HEAD]
    for key, shape in CLINIC.every.items():
        about = textwrap.fill(shape.about, WIDTH, initial_indent="# ", subsequent_indent="# ")
        values = given.get(key, ())
        line = f"{key}: {_written(key, values)}" if values else f"# {key}: {EXAMPLES[key]}"
        parts.append(f"{about}\n{line}")
    return f"{schema}{chr(10) if schema else ''}" + "\n\n".join(parts) + "\n"


def _written(key: str, values: tuple[str, ...]) -> str:
    """Return values as YAML: JSON strings are texts in it."""
    several = len(values) > 1 or key in LISTED
    return json.dumps(values if several else values[0], ensure_ascii=False)


def new_profile(root: Path, name: str, given: Answers, known: Known) -> tuple[Path, list[Problem]]:
    """Write a new profile; return where, and what kept it from being written, as its reader finds it: then nothing is there.

    A file that is there already is never written over. Raises OSError.
    """
    path = profile_file(root, name)
    problems = profile_problems(root, name, given, known)
    return path, problems or _put(path, profile_text(given, schema_line("clinic", path, root)))


def begun_problems(root: Path, name: str, given: Answers, known: Known) -> list[Problem]:
    """Return what is wrong with a profile as far as it is given: where it is to be, and each answer; not what is still to be asked."""
    region = next(iter(known.regions), "")
    return profile_problems(root, name, {"name": ("A clinic",), "region": (region,), **given}, known)


def profile_problems(root: Path, name: str, given: Answers, known: Known) -> list[Problem]:
    """Return everything that keeps a new profile from being written, as its reader finds it. Raises OSError."""
    path = profile_file(root, name)
    if is_there(path):
        what = "there is a file of that name already, and it was left as it is."
        fix = f"Change it by hand, then: python3 build.py clinic check {shlex.quote(name)}"
        return [in_file("file-exists", str(path), what, fix)]
    if not path.parent.is_dir():
        what, fix = "there is no such folder.", "Make it, or look at how its name is spelled."
        return [in_file("folder-missing", str(path.parent), what, fix)]
    text = profile_text(given, schema_line("clinic", path, root))
    return [*_taken(root, path), *_problems_of(text, path, path.parent, given.get("logo", ()), known)]


def _taken(root: Path, path: Path) -> Iterable[Problem]:
    """Yield the problem of a name that a clinic of the project has already."""
    if is_there(root / FOLDER / f"{path.stem}.yaml"):
        what = f"the project has a clinic “{path.stem}” already, and both would have one folder."
        yield in_file("clinic-twice", str(path), what, "Choose another name.")


def _problems_of(text: str, path: Path, beside: Path, logos: Iterable[str], known: Known) -> list[Problem]:
    """Return what a reader would find wrong with the text of a profile at a path."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder).resolve() / path.name
        trial.write_text(text, encoding="utf-8")
        for logo in logos:
            if Path(logo).name == logo and (beside / logo).is_file():
                shutil.copyfile(beside / logo, trial.parent / logo)
        _, problems = load_clinics(trial.parent, known, [str(trial)])
    return [_at(problem, trial, path) for problem in problems]


def _at(problem: Problem, trial: Path, path: Path) -> Problem:
    """Return the problem of a trial as one of the file that it is to be."""
    where, file = (
        each.replace(str(trial.parent), str(path.parent)) for each in (problem.where, problem.file)
    )
    return replace(problem, where=where, file=file)


def _put(path: Path, text: str) -> list[Problem]:
    """Put a file into its place whole, and never over another; return what kept it out."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            os.fchmod(file.fileno(), 0o644)
        os.link(name, path)  # fails where something came there meanwhile
    except FileExistsError:
        what = "a file of that name came there meanwhile, and was left as it is."
        return [in_file("file-exists", str(path), what, "Look at it, or choose another name.")]
    finally:
        os.unlink(name)  # noqa: PTH108 - the name of a temporary file
    return []
