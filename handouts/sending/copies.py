"""Whom to make personal copies for: every row of a clinic's list is a person's copy, or a problem with its line."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from handouts.crashes import crash_problem
from handouts.files import is_there, write_whole
from handouts.library.deliver import disk_problem
from handouts.library.jobs import Job, jobs
from handouts.library.personal import FIELDS, Copies, personal_of
from handouts.library.plan import Choice, plan
from handouts.model import Personal
from handouts.page.approval import Approval
from handouts.parallel import map_forked
from handouts.problems import Problem, SourceError, in_file
from handouts.sending.lists import Row, locale_of, read_list
from handouts.sources.heads import PERSONAL
from handouts.sources.load import Sources
from handouts.sources.look import Look

MOST_IN_BATCH = 50  # copies that a worker makes one after the other, on forms that it has laid out once
PAYS_FROM = 12  # copies, from which several workers are faster than one
PRIVATE = 0o700


@dataclass(frozen=True)
class Wanted:
    """One row that a copy can be made of: its line in the list, from 1, what the copy says, and in which locale."""

    line: int
    personal: Personal
    locale: str


def read_wanted(path: Path, sources: Sources) -> tuple[list[Wanted], list[Problem]]:
    """Return the copies that a CSV file asks for, in the order of its rows, and a problem with its line for every other row.

    What the file may be is told at `read_list`. Columns of a list of e-mails are no mistake in it. Raises nothing.
    """
    return read_list(path, sources.heads, PERSONAL, lambda row: _wanted(row, sources))


def _wanted(row: Row, sources: Sources) -> Wanted | None:
    """Return what a row asks for, or None after adding everything that is wrong with it."""
    before = len(row.problems)
    locale = locale_of(row, sources)
    personal, problems = personal_of(*(row.cell(field) for field in FIELDS))
    for problem in problems:
        row.add_problem(problem.code, of_row(problem), problem.fix)
    return Wanted(row.line, personal, locale) if personal and len(row.problems) == before else None


def of_row(problem: Problem) -> str:
    """Return what a problem of a field says, as one of a row of a list."""
    return f"the row's {problem.what.removeprefix('the ')}"


def folder_problems(out: Path) -> list[Problem]:
    """Return what keeps a folder from taking copies: one of an earlier list may be of another person."""
    fix = "Name a folder that is not there yet with --out."
    try:
        if out.is_symlink() or (is_there(out) and not out.is_dir()):
            what = "this is a link, or no folder, and only a folder is nobody else's."
            return [in_file("folder-not-usable", str(out), what, fix)]
        if out.is_dir() and any(out.iterdir()):
            what = "there are files in this folder, and they may be of other people."
            return [in_file("folder-not-empty", str(out), what, fix)]
    except OSError as error:
        return [disk_problem(out, error)]
    return []


@dataclass(frozen=True)
class _Batch:
    """What all copies of a list have in common: the pages that they are of by locale, and the file that the rows are of."""

    copies: Copies
    printed: Mapping[str, Sequence[Job]]
    people: str

    def problems(self, rows: Iterable[Wanted], folder: Path | None) -> list[Problem]:
        """Make the copies of some rows in a folder, or only find out whether they can be made; return what went wrong."""
        found: list[Problem] = []
        for row in rows:
            if not self.printed[row.locale]:
                what = "there is no such page for this row: English has no bilingual one, or the clinic does not offer the language."
                fix = "Choose another --layout, or look at the clinic's profile."
                found.append(in_file("nothing-to-make", self.people, what, fix, line=row.line))
            for job in self.printed[row.locale]:
                found += self._one(job, row, folder)
        return found

    def _one(self, job: Job, row: Wanted, folder: Path | None) -> list[Problem]:
        """Make or try one copy; return what went wrong. No sentence repeats what the copy says."""
        try:
            if folder:
                name = f"{row.line:04}.{job.page.rendition.file.rpartition('/')[2]}"
                write_whole(folder / name, self.copies.stamped(job, row.personal), private=True)
            else:
                self.copies.check(job, row.personal)
        except SourceError as error:
            return [self._told(each, row) for each in error.problems]
        except OSError as error:
            return [disk_problem(folder or Path(self.people), error)]
        except Exception as error:  # noqa: BLE001 - one copy that fails must not hide what is wrong with the others
            return [crash_problem(f"{self.people}:{row.line}", error, self.copies.cache)]
        return []

    def _told(self, problem: Problem, row: Wanted) -> Problem:
        """Return a problem of a field as one of its row; one of the page is that of all rows, and stays."""
        if problem.where not in FIELDS:
            return problem
        return in_file(problem.code, self.people, of_row(problem), problem.fix, line=row.line)


def make_copies(
    sources: Sources, look: Look, choice: Choice, wanted: Sequence[Wanted], people: Path, out: Path
) -> tuple[int, list[Problem]]:
    """Put a copy of every page of a choice for every row into a folder; return how many, or every problem, and then no folder.

    The folder and its files can be read by their owner alone; a file is named by the line of its row, as `0002.about-ipt.pdf`.
    `people` is the file that the rows are of.
    """
    batch = _batch(sources, look, choice, wanted, people)
    with _filled(out) as (folder, problems):
        problems.extend(_all_problems(batch, wanted, folder))
    return sum(len(batch.printed[each.locale]) for each in wanted), problems


def unfit(
    sources: Sources, look: Look, choice: Choice, wanted: Sequence[Wanted], people: Path
) -> list[Problem]:
    """Return every problem that the copies of some rows would have, and make none."""
    return _all_problems(_batch(sources, look, choice, wanted, people), wanted, None)


def _batch(sources: Sources, look: Look, choice: Choice, wanted: Iterable[Wanted], people: Path) -> _Batch:
    """Return what the copies of a list have in common."""
    approval = Approval(sources, look)
    printed = {
        tag: jobs(sources, look, plan(approval, replace(choice, locales=(tag,))))
        for tag in {each.locale for each in wanted}
    }
    return _Batch(Copies(look, sources.root / ".cache"), printed, str(people))


def _all_problems(batch: _Batch, wanted: Iterable[Wanted], folder: Path | None) -> list[Problem]:
    """Make or try all copies, by several workers where that is faster; return what went wrong, each thing once."""
    # Those of a locale one after the other: a worker lays out its forms once.
    rows = sorted(wanted, key=lambda each: each.locale)
    parts = [rows[n : n + MOST_IN_BATCH] for n in range(0, len(rows), MOST_IN_BATCH)]
    found = map_forked(partial(batch.problems, folder=folder), parts, pays=len(rows) >= PAYS_FROM)
    return list(dict.fromkeys(problem for some in found for problem in some))


@contextmanager
def _filled(out: Path) -> Iterator[tuple[Path, list[Problem]]]:
    """Give a folder that takes the place of another when it is filled, and a list for problems: where there are some, it goes."""
    folder = out.parent / f".{out.name}.unfinished"
    problems: list[Problem] = []
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)  # of a run that was killed
        folder.mkdir(mode=PRIVATE)
        yield folder, problems
        if not problems:
            folder.rename(out)
    except OSError as error:
        problems.append(disk_problem(out, error))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
