"""CPU of a full page, warm, beside stock WeasyPrint and another revision.

Run: python3 -m tests.benchmarks.page [REVISION] [OPTION]…

Options: --locale TAG…, --handout SLUG, --layout L (standard where none is named), --times N. Each engine has a process of its own, in which
it makes every page once before it is measured; then they take turns, so that what else this machine does meets them all
alike. Printed are medians and least times in seconds of CPU for each page, and their ratios to the stock engine's.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STOCK, HERE = "stock", "here"
LOCALES = ("en", "ar", "hi", "zh-Hant")


def serve(engine: str) -> None:
    """Make the page that each line of the standard input names, by the code of this folder; print the CPU seconds it took."""
    sys.path.insert(0, str(Path.cwd()))
    from handouts.cli.reading import read
    from handouts.library.jobs import jobs
    from handouts.library.plan import Choice, plan
    from handouts.page.approval import Approval
    from tests.benchmarks.engines import ENGINES

    sources, look, _ = read(Path.cwd())
    with tempfile.TemporaryDirectory() as folder:
        for line in sys.stdin:
            tag, handout, layout = line.split()
            choice = Choice((tag,), (handout,), ("pdf",), (layout,))  # type: ignore[arg-type]
            (job,) = jobs(sources, look, plan(Approval(sources, look), choice))
            before = time.process_time()
            ENGINES[STOCK if engine == STOCK else "ours"](job, look, Path(folder) / "page.pdf")
            print(time.process_time() - before, flush=True)


class Engine:
    """A process that makes pages when it is asked to; `size` is that of the last one in bytes, where it tells it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.size = process, 0

    def seconds(self, page: Sequence[str]) -> float:
        """Return the CPU seconds of a page made now."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(" ".join(page) + "\n")
        self.process.stdin.flush()
        seconds, *size = self.process.stdout.readline().split()
        self.size = int(size[0]) if size else 0
        return float(seconds)


def all_started(stack: ExitStack, script: str, names: Iterable[str]) -> dict[str, Engine]:
    """Start a process of a benchmark for each engine, which ends with the stack; return them by name."""
    engines = {}
    for name in names:
        command = [sys.executable, "-m", f"tests.benchmarks.{script}", "--serve", name]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        process = stack.enter_context(subprocess.Popen(command, cwd=ROOT, **pipes))  # type: ignore[call-overload]
        engines[name] = Engine(process)
        stack.callback(process.stdin.close)
    return engines


def cells_of(rows: Mapping[str, Sequence[float]], own: str, others: Iterable[str]) -> list[str]:
    """Return median and least seconds of each engine, and the median ratio of one's to those of some others."""
    times = [f"{statistics.median(row):.3f} ({min(row):.3f})" for row in rows.values()]
    ratios = (statistics.median(a / b for a, b in zip(rows[own], rows[each], strict=True)) for each in others)
    return [*times, *(f"{ratio:.2f}" for ratio in ratios)]


@contextmanager
def started(engine: str, tree: Path) -> Iterator[Engine]:
    """Give an engine by the code of a folder."""
    command = [sys.executable, str(Path(__file__).resolve()), "--serve", engine]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=tree, env={**os.environ, "PYTHONPATH": ""}, **pipes) as process:  # type: ignore[call-overload]
        yield Engine(process)
        process.stdin.close()


def main(revision: str, pages: Sequence[Sequence[str]], times: int) -> None:
    """Print the table."""
    with ExitStack() as stack:
        trees = {STOCK: ROOT, HERE: ROOT}
        if revision:
            sys.path.insert(0, str(ROOT))
            from tests.benchmarks.house import checked_out

            trees[revision] = checked_out(
                revision, Path(stack.enter_context(tempfile.TemporaryDirectory())) / "tree"
            )
        engines = {name: stack.enter_context(started(name, tree)) for name, tree in trees.items()}
        found: dict[tuple[str, Sequence[str]], list[float]] = {}
        for turn in range(times + 1):
            for page in pages:
                for name, engine in engines.items():
                    seconds = engine.seconds(page)
                    if turn:
                        found.setdefault((name, page), []).append(seconds)
    print("page", *(f"{name}, median (least)" for name in trees), "ratio", sep="\t")
    for page in pages:
        rows = {name: found[name, page] for name in trees}
        print(" ".join(page), *cells_of(rows, HERE, (STOCK,)), sep="\t")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("revision", nargs="?", default="")
    parser.add_argument("--serve", default="", help=argparse.SUPPRESS)
    parser.add_argument("--locale", action="append")
    parser.add_argument("--handout", default="about-ipt")
    parser.add_argument("--layout", default="standard")
    parser.add_argument("--times", type=int, default=9)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.serve)
    else:
        main(
            asked.revision,
            [(tag, asked.handout, asked.layout) for tag in asked.locale or LOCALES],
            asked.times,
        )
