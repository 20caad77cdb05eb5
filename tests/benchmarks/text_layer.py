"""Measure the text behind the glyphs, ours beside that of other engines: the same handout, the same counts.

Run: python3 -m tests.benchmarks.text_layer [--layout L]… [--all-layouts] [--locale TAG]… [--engine NAME]…

Every shipped locale in every layout, and the example locales of tests/examples in the standard one, or
in every one with --all-layouts. A word counts where a program that takes text out of a PDF finds it
exactly; “in order” are the words found in the order of the source. Head and foot of a page are not
counted. What an engine cannot make, or a program cannot read, is “-”, and why stands below the table.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

from handouts.cli.machine import font_problems
from handouts.library.jobs import Job, jobs
from handouts.library.plan import Choice, plan
from handouts.model import LAYOUTS, Layout
from handouts.page.approval import Approval
from handouts.page.compose import compose
from handouts.problems import SourceError, refuse
from handouts.sources.load import Sources, load_sources
from handouts.sources.look import Look, load_look
from handouts.verify import drawn, standards, tags, words
from handouts.verify.extractors import EXTRACTORS, extractor_versions
from tests.benchmarks.engines import ENGINES
from tests.conftest import ROOT, TODAY, copied, our_look
from tests.pdfjs import pdf_js

HANDOUT = "about-ipt"
EXAMPLES = ROOT / "tests" / "examples" / "locales"
READERS: dict[str, Callable[[Path], list[str]]] = {**EXTRACTORS, "pdf.js": lambda path: pdf_js([path])[path]}
HEARD = frozenset({"ours", "stock"})  # outloud knows what WeasyPrint writes
FACTS = ("UA-1", "A-2a", "outloud", "pt", "kB")
WORKERS = 2
NONE = "-"
SHOWN = 4

T = TypeVar("T")


@dataclass
class Row:
    """What was measured of one PDF: the count of each reader, other facts, and why something is missing."""

    engine: str
    locale: str
    layout: Layout
    counts: dict[str, words.Count] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return what the row is of."""
        return f"{self.locale} {self.layout} {self.engine}"

    def attempt(self, call: Callable[[], T]) -> T | None:
        """Return what a call returns; if it fails, None, and note why."""
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - one PDF that cannot be made or read must not stop the others
            lines = str(error).strip().splitlines()
            self.reasons.append(f"{type(error).__name__}: {lines[0] if lines else 'no more is said'}")
            return None


def measure(engine: str, job: Job, look: Look, folder: Path) -> Row:
    """Return what was measured of a job's PDF, made by an engine into a folder."""
    rendition = job.page.rendition
    row = Row(engine, rendition.locale, rendition.layout)
    path = folder / f"{rendition.locale}.{rendition.layout}.{engine}.pdf"
    row.attempt(lambda: ENGINES[engine](job, look, path))
    if row.reasons:
        return row
    wanted = words.body_text(words.parse_html(compose(job.page, look)))
    for name, read in READERS.items():
        found = row.attempt(lambda read=read: read(path))  # type: ignore[misc]
        if found is not None:
            row.counts[name] = words.count(wanted, found, rendition.locale)
    facts = zip(FACTS, _facts(row, path), strict=True)
    row.facts = {name: fact for name, fact in facts if fact is not None}
    return row


def _facts(row: Row, path: Path) -> Iterator[str | None]:
    """Yield rules broken of each standard, findings of outloud, the smallest type, the size of the file."""
    broken = row.attempt(lambda: standards.broken_rules(path))
    for standard in standards.PROFILES.values():
        yield None if broken is None else str(sum(rule.startswith(standard) for rule in broken))
    yield row.attempt(lambda: str(len(_heard(path)))) if row.engine in HEARD else ""
    yield row.attempt(lambda: f"{min(glyph.size for glyph in drawn.glyphs(path)):.1f}")
    yield f"{path.stat().st_size / 1000:.0f}"


def _heard(path: Path) -> list[str]:
    """Return what outloud finds in a PDF."""
    figures = [tag for tag in tags.read_outline(path).tags if tag.roles[-1] == "Figure"]
    return standards.standards_findings(path, [figure.alternative for figure in figures])


def run(engine: str, todo: Sequence[Job], look: Look, folder: Path) -> Iterator[Row]:
    """Yield a row for every job, in their order.

    In processes of its own for each engine: what one does to a library reaches no other.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=context) as pool:
        waiting = [(job, pool.submit(measure, engine, job, look, folder)) for job in todo]
        for job, future in waiting:
            yield _result(engine, job, future)


def _result(engine: str, job: Job, future: Future[Row]) -> Row:
    """Return the row of a job, an empty one where its process died."""
    row = Row(engine, job.page.rendition.locale, job.page.rendition.layout)
    return row.attempt(future.result) or row


def project(folder: Path) -> Path:
    """Make a copy of everything a build reads, the example locales among the others; return where."""
    root = copied(folder / "project").root
    for example in EXAMPLES.iterdir():
        if not (root / "locales" / example.name).exists():
            shutil.copytree(example, root / "locales" / example.name)
    return root


def shipped() -> set[str]:
    """Return the tags of the locales that are no examples."""
    return {path.name for path in (ROOT / "locales").iterdir() if path.is_dir()}


def wanted_jobs(sources: Sources, look: Look, asked: argparse.Namespace) -> list[Job]:
    """Return the jobs asked for: shipped locales before examples, then by tag and layout."""
    layouts = cast("tuple[Layout, ...]", tuple(asked.layout))
    chosen = [tag for tag in sources.locales if tag in (asked.locale or sources.locales)]
    own = [tag for tag in chosen if tag in shipped()]
    examples = [tag for tag in chosen if tag not in own]
    groups = [(own, layouts), (examples, layouts or (LAYOUTS if asked.all_layouts else ("standard",)))]
    pages = [
        page
        for some, set_in in groups
        for tag in some
        for page in plan(Approval(sources, our_look()), Choice((tag,), (HANDOUT,), ("pdf",), set_in))
    ]
    refuse(font_problems(page.locale for page in pages))
    return jobs(sources, look, pages)


def table(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of the table: engines side by side for one locale and layout."""
    columns = [column for name in READERS for column in (name, f"{name} in order")]
    yield "\t".join(["locale", "layout", "engine", "words", *columns, *FACTS])
    for row in rows:
        counts = [row.counts.get(name) for name in READERS]
        total = next((str(count.words) for count in counts if count), NONE)
        found = [
            str(n) for count in counts for n in ((count.exact, count.in_order) if count else (NONE,) * 2)
        ]
        facts = [row.facts.get(name, NONE) for name in FACTS]
        yield "\t".join([row.locale, row.layout, row.engine, total, *found, *facts])


def reasons(rows: Iterable[Row]) -> Iterator[str]:
    """Yield why something is missing, each reason once, with the PDFs it is missing of."""
    where: dict[str, list[str]] = {}
    for row in rows:
        for reason in dict.fromkeys(row.reasons):
            where.setdefault(reason, []).append(row.name)
    for reason, names in where.items():
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        yield f"- {', '.join(names[:SHOWN])}{more}: {reason}"


def totals(rows: Sequence[Row], engines: Sequence[str]) -> Iterator[str]:
    """Yield the share of words found exactly and in order: stock is before, ours after, the others beside."""
    heads = {"stock": "before (stock)", "ours": "after (ours)"}
    order = sorted(engines, key=(*heads, *ENGINES).index)
    yield "\t".join(["locales", "words", "reader", *(heads.get(engine, engine) for engine in order)])
    own, every = shipped(), {row.locale for row in rows}
    groups = {"shipped": every & own, "examples": every - own}
    groups |= {"all": every} if all(groups.values()) else {}
    for group, locales in groups.items():
        some = [row for row in rows if row.locale in locales]
        if not some:
            continue
        for kind in ("exact", "in_order"):
            for name in READERS:
                shares = [_share([r for r in some if r.engine == engine], name, kind) for engine in order]
                yield "\t".join([group, kind.replace("_", " "), name, *shares])


def _share(rows: Iterable[Row], reader: str, kind: str) -> str:
    """Return the share of words a reader found in all PDFs that it could read, in percent, rounded down.

    So 100.0 % is said of nothing but all words.
    """
    counts = [row.counts[reader] for row in rows if reader in row.counts]
    found, of = sum(getattr(count, kind) for count in counts), sum(count.words for count in counts)
    return f"{1000 * found // of / 10} %" if of else NONE


def arguments(known: Iterable[str]) -> argparse.Namespace:
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--locale", action="append", default=[], choices=sorted(known), metavar="TAG")
    parser.add_argument("--layout", action="append", default=[], choices=LAYOUTS)
    parser.add_argument("--engine", action="append", default=[], choices=list(ENGINES), metavar="NAME")
    parser.add_argument("--all-layouts", action="store_true", help="example locales in every layout, too")
    return parser.parse_args()


def main() -> None:
    """Measure, then print the versions of the programs, the table, what is missing and why, and the totals."""
    with tempfile.TemporaryDirectory() as folder:
        sources, problems = load_sources(project(Path(folder)), TODAY)
        look, faults = load_look(sources.root, {})
        refuse([*problems, *faults])
        asked = arguments(sources.locales)
        engines = [name for name in ENGINES if name in (asked.engine or ENGINES)]
        todo = wanted_jobs(sources, look, asked)
        columns = [list(run(name, todo, look, Path(folder))) for name in engines]
    rows = [row for page in zip(*columns, strict=True) for row in page]
    print(", ".join(f"{name} {version}" for name, version in extractor_versions().items()), end="\n\n")
    for part in (table(rows), reasons(rows), totals(rows, engines)):
        if lines := list(part):
            print("\n".join(lines), end="\n\n")


if __name__ == "__main__":
    try:
        main()
    except SourceError as error:
        sys.exit(str(error))
