"""What the tests share: the sources, a copy of the project to spoil, and the command line as a person runs it."""

from __future__ import annotations

import fcntl
import gc
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Generator, Iterable
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial
from io import BytesIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch
from zlib import crc32

import pytest
from coverage import Coverage
from hypothesis import settings
from pypdfium2 import PdfDocument

from build import run
from handouts.library.build import Report, build
from handouts.library.cache import keep
from handouts.library.jobs import Made, jobs
from handouts.library.make import make_rendition
from handouts.library.plan import Choice, plan
from handouts.model import DEFAULT_REGION, SHOWN_FORMATS, Page, Place
from handouts.page.approval import Approval
from handouts.site.publish import publish
from handouts.sources.load import Sources, load_sources
from handouts.sources.look import Look, load_look

ROOT = Path(__file__).resolve().parent.parent
TODAY = datetime.now(tz=UTC).date()
NODE = ROOT / "tests" / "node"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# The same without windows, and so without a viewer of PDFs: it starts in a third of the time.
SHELL = shutil.which("chromium-headless-shell") or CHROMIUM
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LOCALES = tuple(sorted(path.name for path in (ROOT / "locales").iterdir() if path.is_dir()))
# In every form and layout: two directions, four scripts, the widest leading and the narrowest, letters by the hundred
# and by the thousand. All others go through `make verify`, which CI runs on everything that ships.
SPREAD = ("ar", "en", "hi", "zh-Hans")
# Prose with pictures and cards, and a long list of works. Other handouts are made of the same; `make verify` reads them all.
HANDOUTS = ("about-ipt", "references")
EXAMPLES = tuple(sorted(path.name for path in (ROOT / "tests" / "examples" / "locales").iterdir()))
# From right to left, in two widths of letters, in three storeys of them.
BILINGUAL_EXAMPLES = ("he", "ja", "my")

KEPT = ("catalogs", "checks", "fonts", "forms", "renditions", "versions")  # the folders of a cache

# The environment of a process whose lines are not counted as tested.
UNCOUNTED = {"COVERAGE_PROCESS_CONFIG": "", "COVERAGE_PROCESS_START": ""}

NOTHING_SKIPPED = bool(os.environ.get("HANDOUTS_SKIP_NOTHING"))  # in CI


def tries(number: int) -> int:
    """Return how many of so many examples of a law are tried: all in CI, a quarter where a person waits for the suite."""
    return number if NOTHING_SKIPPED else math.ceil(number / 4)


# A busy machine is no fault of a law.
settings.register_profile("patient", deadline=None, max_examples=tries(100))
settings.load_profile("patient")


@pytest.fixture(scope="session")
def sources() -> Sources:
    """All sources of this project; they must be without a problem."""
    loaded, problems = load_sources(ROOT, TODAY)
    assert not problems
    return loaded


@cache
def our_look() -> Look:
    """Return how everything looks in this project; it must be without a problem."""
    loaded, problems = load_look(ROOT, {})
    assert not problems
    return loaded


@pytest.fixture(scope="session")
def look() -> Look:
    """How everything looks in this project."""
    return our_look()


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Project:
    """A copy of the project that a test may change."""

    root: Path

    def run(self, *arguments: str, **environment: str) -> Ran:
        """Run `python3 build.py ARGUMENTS` in the copy, in a process of its own."""
        return self.run_after(None, *arguments, **environment)

    def run_after(self, before: Callable[[], None] | None, /, *arguments: str, **environment: str) -> Ran:
        """Do the same after `before` was called in the new process.

        With it, what the process passes through is not counted: it may have no room to write that down.
        """
        if before:
            environment |= UNCOUNTED
        done = subprocess.run(
            [sys.executable, "build.py", *arguments],
            cwd=self.root,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            preexec_fn=before,
            timeout=300,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def call(self, *arguments: str, root: Path | None = None, **environment: str) -> Ran:
        """Run the same in this process, which saves the second that a new one needs to start; on another project if told."""
        with (
            TextIOWrapper(BytesIO(), encoding="utf-8", write_through=True) as out,
            TextIOWrapper(BytesIO(), encoding="utf-8", write_through=True) as err,
            redirect_stdout(out),
            redirect_stderr(err),
            chdir(self.root),
            patch.dict(os.environ, environment),
        ):
            code = run(arguments, root or self.root)
            return Ran(code, *(file.buffer.getvalue().decode() for file in (out, err)))

    def prepare(self, *arguments: str) -> None:
        """Make files that tests only read: the command must succeed, and what it passes through is not counted as tested."""
        ran = self.run(*arguments, **UNCOUNTED)
        assert ran.code == 0, ran.err

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text that must be there."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} no longer holds {old!r}: this test guards nothing"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def bring(self, slug: str) -> None:
        """Copy a handout that the small project lacks, without its translations."""
        shutil.copy(ROOT / f"content/handouts/{slug}.yaml", self.root / "content/handouts")

    def leave_only(self, *tags: str) -> None:
        """Remove all other locales: to read and check them takes most of the time of a command."""
        for folder in (self.root / "locales").iterdir():
            if folder.is_dir() and folder.name not in tags:
                shutil.rmtree(folder)


def copied(
    folder: Path, kept: Path | None = None, *, sources: Path = ROOT, tags: Collection[str] = LOCALES
) -> Project:
    """Copy everything a build reads into a folder; the code is this one, and the cache is empty or that of another."""
    folder.mkdir(parents=True)
    left_out = shutil.ignore_patterns(*(set(LOCALES) - set(tags)))
    for name in ("content", "templates"):
        shutil.copytree(sources / name, folder / name)
    shutil.copytree(sources / "locales", folder / "locales", ignore=left_out)
    shutil.copy(ROOT / "build.py", folder)
    (folder / "handouts").symlink_to(ROOT / "handouts")
    if kept:
        (folder / ".cache").mkdir()
        for name in KEPT:
            (kept / name).mkdir(parents=True, exist_ok=True)
            (folder / ".cache" / name).symlink_to(kept / name)
    return Project(folder)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that all workers of this run have in common. Its `cache` begins with what `make` has made.

    That is used only where it was made from this very code and input: its name is the digest of both.
    """
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    once(folder / "cache", lambda: _begin_with(folder / "cache", ROOT / ".cache"))
    return folder


def _begin_with(cache: Path, earlier: Path) -> None:
    """Copy fonts and renditions that were made earlier; a copy, since some tests spoil what is kept."""
    for name in KEPT:
        if (earlier / name).is_dir():
            shutil.copytree(earlier / name, cache / name, ignore=shutil.ignore_patterns(".*"))


def once(folder: Path, make: Callable[[], None]) -> None:
    """Make something in a folder by the first worker that asks; the others wait, and find it made."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            make()
            (folder / "made").touch()


def _keep_handouts(project: Project) -> None:
    """Remove all handouts but those of the spread, with their translations: to read and check them takes time."""
    for path in (project.root / "content/handouts").glob("*.yaml"):
        if path.stem not in HANDOUTS:
            path.unlink()
    project.prepare("locale", "update")
    for catalog in (project.root / "locales").glob("*/handouts.po"):
        entries = catalog.read_text(encoding="utf-8").split("\n\n")
        kept = [entry for entry in entries if "\n#~ msgctxt" not in f"\n{entry}"]
        catalog.write_text("\n\n".join(kept).rstrip("\n") + "\n", encoding="utf-8")
    glossary = project.root / "locales/glossary.yaml"
    text = glossary.read_text(encoding="utf-8")
    for term in re.findall("no English text has the term “(.+?)”", project.run("check").err):
        text = re.sub(rf'^"?{term}"?:\n(?: .*\n)*', "", text, flags=re.MULTILINE)
    glossary.write_text(text, encoding="utf-8")


@pytest.fixture(scope="session")
def small(shared: Path) -> Path:
    """Return a project of the two handouts of the spread, to be copied: most commands do the same with two as with six."""
    folder = shared / "small"
    once(folder, lambda: _keep_handouts(copied(folder / "project")))
    return folder / "project"


@pytest.fixture
def project(tmp_path: Path, shared: Path, small: Path) -> Project:
    """Return a copy whose cache is that of the run: what one test has made from the same input, no other makes again.

    The key of a rendition holds the digest of the code and of all input, so a copy that was changed gets its own.
    """
    return copied(tmp_path / "project", shared / "cache", sources=small)


@pytest.fixture
def cold_project(tmp_path: Path, small: Path) -> Project:
    """Return a copy with a cache of its own, empty as yet: for tests of the cache, and of making itself."""
    return copied(tmp_path / "project", sources=small)


def printed(sources: Sources, look: Look, cache: Path, choice: Choice) -> bytes:
    """Return the PDF of the one page that a choice names, in the standard layout, made in this process."""
    chosen = replace(choice, formats=("pdf",), layouts=("standard",))
    (job,) = jobs(sources, look, plan(Approval(sources, look), chosen))
    made = make_rendition(job, look, cache)
    assert made.problems == ()
    return made.data


@dataclass(frozen=True)
class Stock:
    """A library of a few locales in every form that the gallery shows, whose PDFs are one empty page each."""

    approval: Approval
    out: Path

    def pages(self, choice: Choice) -> list[Page]:
        """Return the pages of a choice, whose PDFs lie in the cache as if they had been made."""
        found = plan(self.approval, choice)
        sources, cache = self.approval.sources, self.approval.sources.root / ".cache"
        (cache / "renditions").mkdir(parents=True, exist_ok=True)
        printed = [page for page in found if page.rendition.format == "pdf"]
        for job in jobs(sources, self.approval.look, printed):
            assert keep(cache, Made(job, blank_pdf(), 1)) == []
        return found

    def build(self, choice: Choice, *, places: Iterable[Place] = ()) -> Report:
        """Make what a choice asks for, and the gallery; nothing may go wrong."""
        sources, look = self.approval.sources, self.approval.look
        report = build(sources, look, self.pages(choice), self.out, 1, lambda _: None, places=places)
        assert (report.problems, publish(self.approval, self.out).problems) == ((), ())
        return report

    def copy(self, folder: Path) -> Stock:
        """Return a copy that a test may change."""
        shutil.copytree(self.approval.sources.root, folder / "project")
        shutil.copytree(self.out, folder / "dist")
        sources = replace(self.approval.sources, root=folder / "project")
        return Stock(Approval(sources, self.approval.look), folder / "dist")


STOCKED = Choice(SPREAD, HANDOUTS, SHOWN_FORMATS)


@cache
def blank_pdf() -> bytes:
    """Return a PDF of one page with nothing on it."""
    with PdfDocument.new() as document:
        document.new_page(595, 842)
        written = BytesIO()
        document.save(written)
    return written.getvalue()


@pytest.fixture(scope="session")
def stocked(sources: Sources, look: Look, tmp_path_factory: pytest.TempPathFactory) -> Stock:
    """Return a library that tests only read."""
    folder = tmp_path_factory.mktemp("stock")
    stock = Stock(Approval(replace(sources, root=folder / "project"), look), folder / "dist")
    stock.build(STOCKED)
    return stock


@pytest.fixture
def stock(stocked: Stock, tmp_path: Path) -> Stock:
    """Return a library that a test may change."""
    return stocked.copy(tmp_path)


def named(tags: Iterable[str]) -> list[str]:
    """Return the options that name locales."""
    return [part for tag in tags for part in ("--locale", tag)]


@pytest.fixture(scope="session")
def built(shared: Path, small: Path) -> Path:
    """Build two handouts for the spread of locales in every form, once for all tests that read it; return their place's folder.

    The one around it is the output folder, with the manifest.
    """
    folder = shared / "spread"
    out = folder / "library"
    wish = (*named(SPREAD), *(part for slug in HANDOUTS for part in ("--handout", slug)))
    project = partial(copied, folder / "project", shared / "cache", sources=small, tags=SPREAD)
    once(folder, lambda: project().prepare("--out", str(out), *wish))
    return out / DEFAULT_REGION


@pytest.fixture(scope="session")
def examples(shared: Path, small: Path) -> Path:
    """Build the first handout in the example locales, in the standard layout.

    Once; returns the project, with the files in its dist/.
    """
    folder = shared / "examples"

    def make() -> None:
        project = copied(folder / "project", shared / "cache", sources=small, tags=("en",))
        for tag in EXAMPLES:
            shutil.copytree(ROOT / "tests/examples/locales" / tag, project.root / "locales" / tag)
        first = ("--handout", "about-ipt", "--format", "pdf")
        project.prepare(*first, "--layout", "standard", *named(EXAMPLES))
        project.prepare(*first, "--layout", "bilingual", *named(BILINGUAL_EXAMPLES))
        project.prepare(*first, "--layout", "large-print", "--locale", "ja")

    once(folder, make)
    return folder / "project"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Run what is marked as untraced without counting its lines, nor those of the processes that it starts."""
    counting = Coverage.current() if "untraced" in item.keywords else None
    if counting is None:
        return (yield)
    counting.stop()
    try:
        with patch.dict(os.environ, UNCOUNTED):
            return (yield)
    finally:
        counting.start()


def pytest_configure() -> None:
    """Hear Ctrl-C and the end of a terminal, and let the programs that tests start hear them.

    A shell has what it starts in the background ignore the one, `nohup` has it ignore the other.
    """
    for number, heard in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, heard)


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never among what was imported: a tenth of all time went there."""
    gc.set_threshold(50_000, 20, 20)
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Let go of what was kept from the search: libraries that count what they gave out at the end call it lost."""
    gc.unfreeze()


def shared_in_module(item: pytest.Item) -> str:
    """Return the module of a test that takes what is made once for its module, nothing where it takes no such thing."""
    info = getattr(item, "_fixtureinfo", None)
    kinds = {definitions[-1].scope for definitions in info.name2fixturedefs.values()} if info else set()
    return item.nodeid.partition("::")[0] if "module" in kinds else ""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long tests first, and groups before single ones; the rest is mixed: tests that wait run beside tests that work.

    What is made once for a module is made by one worker. Skip what needs a browser or Node where there is none, unless
    everything must run.
    """
    for item in items:
        module = shared_in_module(item)
        if module and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(module))

    def turn(item: pytest.Item) -> tuple[bool, bool, int]:
        name, grouped = item.nodeid.partition("[")[0], item.get_closest_marker("xdist_group")
        return "long" not in item.keywords, not grouped, 0 if grouped else crc32(name.encode())

    items.sort(key=turn)
    if NOTHING_SKIPPED:
        return
    packages = json.loads((NODE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    needs = {
        "browser": (CHROMIUM, "no Chromium on this machine; run make setup-test"),
        "node": (
            all((NODE / "node_modules" / name).is_dir() for name in packages),
            "not every package of tests/node is here; run make setup-node",
        ),
    }
    for item in items:
        for mark, (there, reason) in needs.items():
            if mark in item.keywords and not there:
                item.add_marker(pytest.mark.skip(reason=reason))
