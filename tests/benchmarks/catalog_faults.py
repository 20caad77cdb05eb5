"""What the checks find and miss, and how often they are wrong: `python3 -m tests.benchmarks.catalog_faults [FOLDER]…`.

First the seeded faults of tests/seeded_faults.py, one a line. Then PO files that people who never heard of
this project translated: those in the folders named, or those that a few packages of the Python world ship,
which are fetched by pip into a temporary folder. Every message with anything to say against it counts as a
false alarm, though not a few are faults indeed; messages with marks that are not ours (printf, HTML) and
such with line ends are left out, as our sources have none.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polib

from handouts.checks.catalogs import usual_length
from handouts.checks.nouns import Setting
from handouts.checks.wording import common_words, faults
from handouts.model import Block, Locale
from handouts.sources.catalogs import Message
from handouts.sources.load import Sources, load_sources
from handouts.workbench.scaffold import GivenFacts, format_tag, new_locale
from tests.checks.test_wording import found
from tests.conftest import ROOT, TODAY
from tests.seeded_faults import FAULTS

PACKAGES = ("django==4.2.16", "wagtail==7.0", "django-allauth==65.9.0")
FOREIGN = re.compile(r"%[\w(]|<|&\w+;|[{*]|\]\(|\n")


def seeded(sources: Sources) -> None:
    """Print what was found of every seeded fault, and how many right translations were taken for wrong."""
    alarms = 0
    counts: Counter[str] = Counter()
    for fault in FAULTS:
        kinds = {each.code: each.severity for each in found(fault, fault.wrong, sources)}
        alarms += bool(found(fault, fault.right, sources))
        verdict = "found" if fault.code in kinds else "MISSED"
        counts[verdict] += 1
        told = ", ".join(f"{kind} ({severity})" for kind, severity in kinds.items()) or "nothing"
        print(f"{verdict:7}{fault.locale:9}{fault.name:35}{told}")
    print(
        f"{counts['found']} found, {counts['MISSED']} missed; {alarms} of {len(FAULTS)} right ones taken for wrong\n"
    )


def fetched(folder: Path) -> Iterator[Path]:
    """Fetch the packages and unpack them; yield the one folder."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), *PACKAGES]
    subprocess.run(command, check=True, capture_output=True)
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder / wheel.stem)
    yield folder


def messages(path: Path) -> list[tuple[Block, Message]]:
    """Return the translated messages of a PO file that could stand in ours."""
    pairs: list[tuple[Block, Message]] = []
    for entry in polib.pofile(str(path)):
        usable = entry.msgstr and not (entry.obsolete or entry.fuzzy or entry.msgid_plural)
        if usable and not FOREIGN.search(entry.msgid) and not FOREIGN.search(entry.msgstr):
            source, text = entry.msgid.strip(" "), entry.msgstr.strip(" ")  # as catalogs are read
            pairs.append((Block(str(len(pairs)), source), Message(str(len(pairs)), source, text)))
    return pairs


def setting_of(path: Path, sources: Sources) -> Locale | None:
    """Return the locale that a PO file is in, by the name of its folder; None for English and what has no tag."""
    tag = re.search(r"/locale/([A-Za-z_]+)/", path.as_posix())
    if not tag or tag[1].startswith("en"):
        return None
    return new_locale(format_tag(tag[1]), GivenFacts("x", "x"), {"en": sources.source})[0]


def foreign(folders: list[Path], sources: Sources) -> None:
    """Print the share of messages with anything to say against them, by kind."""
    total, flagged, files = 0, 0, 0
    kinds: Counter[tuple[str, str]] = Counter()
    tags: set[str] = set()
    for path in sorted(p for folder in folders for p in folder.rglob("*.po")):
        locale = setting_of(path, sources)
        if locale is None:
            continue
        pairs = messages(path)
        common = common_words(message.text for _, message in pairs)
        setting = Setting(locale, (), usual_length(pairs), common)
        for block, message in pairs:
            told = {(each.code, each.severity) for each in faults(block, message.text, setting)}
            kinds.update(told)
            flagged += bool(told)
        total, files = total + len(pairs), files + 1
        tags.add(locale.tag)
    print(
        f"{total} messages of {files} PO files in {len(tags)} locales: {flagged} flagged ({100 * flagged / total:.1f} %)"
    )
    for (kind, severity), count in kinds.most_common():
        print(f"  {100 * count / total:5.2f} %  {kind} ({severity})")


def main(folders: list[str]) -> None:
    """Print both tables."""
    sources, _ = load_sources(ROOT, TODAY)
    seeded(sources)
    if folders:
        foreign([Path(folder) for folder in folders], sources)
        return
    with tempfile.TemporaryDirectory() as folder:
        foreign(list(fetched(Path(folder))), sources)


if __name__ == "__main__":
    main(sys.argv[1:])
