"""The law of right-to-left sentences on many of them: how many come back otherwise, by program and engine.

Run: python3 -m tests.benchmarks.rtl_law [--sentences N] [--seed N] [--locale TAG]… [--engine NAME]…

Sentences of letters, Latin words, both kinds of digits, brackets, quotes, dates and phone numbers, each on a line of
its own, go through a page; one that is not found again, to the last sign, is lost. All engines are given the same
sentences, and values (phone numbers) in an element of their own direction. What an engine cannot make, or a
program cannot read, is “-”, and why stands below.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from handouts.verify.extractors import extractor_versions
from tests.benchmarks.engines import browser, quoted
from tests.benchmarks.text_layer import NONE, READERS
from tests.pdf.exact.sentences import (
    END,
    ISOLATE,
    LOCALES,
    html_of,
    lost,
    page_of_sentences,
    sentence,
)

A_PAGE = 200  # sentences in a file


def ours(lines: list[str], tag: str, folder: Path) -> Path:
    """Make the PDF as handouts are made."""
    return page_of_sentences(lines, tag, folder)


def stock(lines: list[str], tag: str, folder: Path) -> Path:
    """Make the PDF by WeasyPrint as it comes, in a process of its own."""
    import weasyprint

    weasyprint.HTML(string=html_of(lines, tag, LOCALES[tag][0])).write_pdf(folder / "page.pdf")
    return folder / "page.pdf"


def chromium(lines: list[str], tag: str, folder: Path) -> Path:
    """Make the PDF by Chromium's print-to-PDF."""
    page = browser().new_page()
    page.set_content(html_of(lines, tag, LOCALES[tag][0]))
    page.pdf(path=folder / "page.pdf", tagged=True, prefer_css_page_size=True)
    page.close()
    return folder / "page.pdf"


def typst(lines: list[str], tag: str, folder: Path) -> Path:
    """Make the PDF by Typst."""
    from typst import compile as make_pdf

    def told(line: str) -> str:
        parts = line.replace(ISOLATE, END).split(END)
        return "".join(
            f"#box(text(dir: ltr)[#{quoted(part)};])" if n % 2 else f"#{quoted(part)};"
            for n, part in enumerate(parts)
        )

    head = f'#set page(width: 600mm, height: 297mm)\n#set text(font: ({quoted(LOCALES[tag][0])}, "Noto Sans"), size: 14pt, lang: {quoted(tag)}, dir: rtl)\n'
    (folder / "page.pdf").write_bytes(make_pdf((head + "\n\n".join(map(told, lines))).encode(), format="pdf"))
    return folder / "page.pdf"


ENGINES: dict[str, Callable[[list[str], str, Path], Path]] = {
    "ours": ours,
    "stock": stock,
    "Chromium": chromium,
    "Typst": typst,
}


def losses(engine: str, lines: list[str], tag: str) -> tuple[dict[str, int], list[str]]:
    """Return how many sentences each program lost of a PDF by an engine, and why something is missing."""
    found: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        try:
            file = ENGINES[engine](lines, tag, Path(folder))
        except Exception as error:  # noqa: BLE001 - one engine that cannot must not stop the others
            return {}, [f"{engine}: {str(error).strip().splitlines()[:1]}"]
        reasons = []
        for name, read in READERS.items():
            try:
                found[name] = len(lost(lines, read(file)))
            except Exception as error:  # noqa: BLE001 - nor one program
                reasons.append(f"{name}: {error}")
    return found, reasons


def rows(engine: str, count: int, seed: int, tags: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield a row of the table for each locale, and why something is missing in it."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        for tag in tags:
            chance = random.Random(f"{seed} {tag}")
            lines = [sentence(tag, chance) for _ in range(count)]
            parts = [lines[n : n + A_PAGE] for n in range(0, count, A_PAGE)]
            results = [pool.submit(losses, engine, part, tag).result() for part in parts]
            shown = [
                str(sum(found[name] for found, _ in results)) if all(name in f for f, _ in results) else NONE
                for name in READERS
            ]
            yield [engine, tag, str(count), *shown], [why for _, reasons in results for why in reasons]


def main() -> int:
    """Print the versions, then the losses; return 1 where one of the three programs lost a sentence of ours."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--sentences", type=int, default=1000)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--locale", action="append", choices=list(LOCALES))
    asked.add_argument("--engine", action="append", choices=list(ENGINES))
    given = asked.parse_args()
    print(", ".join(f"{name} {version}" for name, version in extractor_versions().items()))
    print("\t".join(["engine", "locale", "sentences", *READERS]))
    broken, missing = False, dict[str, None]()
    for engine in given.engine or ENGINES:
        for row, reasons in rows(engine, given.sentences, given.seed, given.locale or list(LOCALES)):
            print("\t".join(row), flush=True)
            broken |= engine == "ours" and set(row[3:6]) != {"0"}
            missing.update(dict.fromkeys(reasons))
    print(*missing, sep="\n")
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
