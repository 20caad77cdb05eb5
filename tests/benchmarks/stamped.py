"""Personal copies: CPU of one beside a full page by three engines, and a list of a thousand people.

Run: python3 -m tests.benchmarks.stamped [OPTION]…

Options: --locale TAG…, --layout L, --times N for the first table; --people N for the list (0 leaves it out). Each engine has a
process of its own, in which it makes every page once before it is measured; then they take turns, so that what else this
machine does meets them all alike. Printed are medians and least times in seconds of CPU, and the ratio of a stamped copy to
the stock engine's page and to Typst's. Of the list: seconds, CPU, the memory of the largest process, and wherever a name was found but
in the copies: in the cache, in what was printed, in names of files, in metadata.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tests.benchmarks.page import LOCALES, ROOT, STOCK, all_started, cells_of

STAMPED, FULL, TYPST = "stamped", "full", "Typst"
ENGINES = (STAMPED, FULL, STOCK, TYPST)
HANDOUT = "about-ipt"
# Names that no text of the library holds, in letters that fonts of the locale have.
PEOPLE = {
    "en": (("Zoë", "Ngaire", "Tjukurla"), ("Quillfeather", "O’Shaughnessy-Vane", "Wojtyłowicz")),
    "ar": (("سهيلة", "غيلان", "ضرغام"), ("الطحاوي-بكر", "القسنطيني", "أبو الغيط")),
    "fa": (("هژیر", "ژاله", "گلنوش"), ("طهماسبی‌پور", "چنگیزی", "پژوهنده")),
    "hi": (("क्षितिज", "ज्योत्स्ना", "धृष्टद्युम्न"), ("श्रीवास्तव", "त्रिपाठी", "चट्टोपाध्याय")),
    "th": (("ณัฐกฤตา", "ฐิติพันธุ์", "เพ็ญจันทร์"), ("วงศ์สวัสดิ์", "ศรีสุริโยทัย", "เกียรติศักดิ์")),
    "vi": (("Nguyễn Thuỵ", "Trần Khuê", "Đặng Quỳnh"), ("Ngọc Uyển", "Tường Vy", "Như Ý")),
    "zh-Hans": (("欧阳", "诸葛", "翟"), ("嬿婉", "璟雯", "懿轩")),
    "zh-Hant": (("歐陽", "諸葛", "龔"), ("嬿婉", "璟雯", "懿軒")),
}
CLINICIAN = "Dr Xanthippe Hollingberry"
NOTE = "Room 4b, level 2. Please bring your card and a list of your medicines."


def serve(engine: str) -> None:
    """Make the copy that each line of the standard input names, by one engine; print the CPU seconds it took."""
    from handouts.cli.reading import read
    from handouts.library.jobs import Job, jobs
    from handouts.library.plan import Choice, plan
    from handouts.model import Personal
    from handouts.page.approval import Approval
    from tests.benchmarks.engines import ENGINES as OTHERS

    sources, look, _ = read(ROOT)
    known: dict[tuple[str, str], Job] = {}
    copies = None
    with tempfile.TemporaryDirectory() as folder:
        for number, line in enumerate(sys.stdin):
            tag, layout = line.split()
            if (tag, layout) not in known:
                choice = Choice((tag,), (HANDOUT,), ("pdf",), (layout,))
                (known[tag, layout],) = jobs(sources, look, plan(Approval(sources, look), choice))
            job = known[tag, layout]
            given, family = (rows[number % len(rows)] for rows in PEOPLE[tag])
            person = Personal(
                f"{given} {family}", datetime.fromisoformat("2026-12-03 14:30"), CLINICIAN, NOTE
            )
            path = Path(folder) / "page.pdf"
            if engine == STAMPED and copies is None:
                from handouts.library.personal import Copies

                copies = Copies(look, Path(folder) / "cache")
            before = time.process_time()
            if copies:
                path.write_bytes(copies.stamped(job, person))
            else:
                whole = replace(job, page=replace(job.page, personal=person))
                OTHERS["ours" if engine == FULL else engine](whole, look, path)
            print(time.process_time() - before, flush=True)


def table(tags: Sequence[str], layout: str, times: int) -> None:
    """Print how long each engine takes for a copy in each locale."""
    found: dict[tuple[str, str], list[float]] = {}
    with ExitStack() as stack:
        engines = all_started(stack, "stamped", ENGINES)
        for turn in range(times + 1):
            for tag in tags:
                for name, engine in engines.items():
                    seconds = engine.seconds((tag, layout))
                    if turn:
                        found.setdefault((name, tag), []).append(seconds)
    print("locale", *(f"{name}, median (least)" for name in ENGINES), "of stock", "of Typst", sep="\t")
    for tag in tags:
        rows = {name: found[name, tag] for name in ENGINES}
        print(tag, *cells_of(rows, STAMPED, (STOCK, TYPST)), sep="\t")


def people(number: int) -> list[tuple[str, ...]]:
    """Return rows of a list: the same ones at each run."""
    dice = random.Random(number)
    rows: list[tuple[str, ...]] = []
    for n in range(number):
        tag = list(PEOPLE)[n % len(PEOPLE)]
        given, family = (dice.choice(names) for names in PEOPLE[tag])
        when = f"2026-12-{1 + n % 28:02} {8 + n % 10:02}:{15 * (n % 4):02}" if n % 5 else ""
        rows.append((f"{given} {family}", tag, when, CLINICIAN if n % 3 else "", NOTE if n % 2 else ""))
    return rows


def listed(number: int) -> None:
    """Make copies for a list of people, and print how long it took, and where names were found."""
    cache = ROOT / ".cache"
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "people.csv", Path(folder) / "copies"
        with file.open("w", encoding="utf-8", newline="") as written:
            csv.writer(written).writerows(
                [("name", "locale", "appointment", "clinician", "note"), *people(number)]
            )
        before = {path for path in cache.rglob("*") if path.is_file()}
        command = [
            sys.executable,
            str(ROOT / "build.py"),
            "personal",
            "--to-file",
            str(file),
            "--out",
            str(out),
        ]
        start = time.monotonic()
        with (Path(folder) / "said").open("w+b") as printed:
            process = subprocess.Popen(
                [*command, "--handout", HANDOUT, "--region", "au"],
                stdout=printed,
                stderr=subprocess.STDOUT,
                cwd=folder,
            )
            _, status, used = os.wait4(process.pid, 0)  # of this command alone, with its processes
            process.returncode = os.waitstatus_to_exitcode(status)
            seconds = time.monotonic() - start
            printed.seek(0)
            said = printed.read()
        assert process.returncode == 0, said.decode()
        copies = sorted(out.glob("*.pdf"))
        print(said.decode().strip())
        print(f"{len(copies)} copies in {seconds:.1f} s, CPU {used.ru_utime + used.ru_stime:.1f} s, "
              f"largest process {used.ru_maxrss / 1024:.0f} MB")  # fmt: skip
        new = [path for path in cache.rglob("*") if path.is_file() and path not in before]
        print(f"new in the cache: {len(new)} files", *sorted({path.parent.name for path in new}))
        modes = {oct(path.stat().st_mode & 0o777) for path in copies} | {oct(out.stat().st_mode & 0o777)}
        print("modes of folder and files:", *sorted(modes))
        print("found outside of the text of the copies:", *(traces(said, cache, copies) or ["nothing"]))


def traces(printed: bytes, cache: Path, copies: Sequence[Path]) -> list[str]:
    """Return where a name, or what a name is made of, was found, but in the text of a copy."""
    words = {word for given, family in PEOPLE.values() for name in (*given, *family) for word in name.split()}
    words = {word for word in {*words, *CLINICIAN.split()[1:]} if len(word) > 2}
    sought = {word.encode(code) for word in words for code in ("utf-8", "utf-16-be", "unicode-escape")}
    found: list[str] = []

    def look(where: str, data: bytes) -> None:
        found.extend(f"{where}: {word!r}" for word in sought if word in data)

    look("what was printed", printed)
    for path in cache.rglob("*"):
        look(f"name of {path}", str(path).encode())
        if path.is_file():
            look(str(path), path.read_bytes())
    import pikepdf

    for path in copies:
        look(f"name of {path}", str(path).encode())
        with pikepdf.open(path) as pdf:
            said = [*map(str, pdf.docinfo.values()), str(pdf.Root.get("/Lang", ""))]
            look(f"metadata of {path.name}", "".join(said).encode() + pdf.Root.Metadata.read_bytes())
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", default="", help=argparse.SUPPRESS)
    parser.add_argument("--locale", action="append")
    parser.add_argument("--layout", default="standard")
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--people", type=int, default=1000)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.serve)
    else:
        if asked.times:
            table(asked.locale or LOCALES, asked.layout, asked.times)
        if asked.people:
            listed(asked.people)
