"""The stamp of a build: if the last run of the same command left every file as it is now, its answer is repeated.

That is known before anything heavy is imported. A stamp can only confirm that nothing has changed: in doubt the build runs, and
digests decide.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

STARTED = time.time()  # this module is imported before all that it speaks of
INPUT_FOLDERS = ("content", "locales", "templates", "handouts")
INPUT_FILES = ("build.py", "pyproject.toml")
SHARED_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FONT_SETTINGS = ("/etc/fonts", "~/.config/fontconfig")
# What a build asks of its surroundings, beside its files.
VARIABLES = (
    "SOURCE_DATE_EPOCH",
    "TZ",
    "HOME",
    "XDG_DATA_HOME",
    "XDG_CONFIG_HOME",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
)
# A file that was written so shortly before a build began may be written again without a change of its time, as clocks of
# file systems are coarse (see "racy Git", git's technical documentation).
SETTLED = 1.0  # seconds
MOST_STAMPS = 50  # command lines that are remembered
MOST_FILES = 20_000  # whose facts are looked at one by one; beyond, the digests decide

Facts = tuple[int, ...]


def facts(path: str) -> Facts | None:
    """Return what tells that a file is the one it was: device, inode, mode, size and both times; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - of thousands, before anything else: no object for each
    except OSError:
        return None
    return (found.st_dev, found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def input_facts(root: Path) -> dict[str, Facts | None]:
    """Return the facts of every file that a build may read, by path: the project's own, and what fonts are found by.

    To be called before anything is read. The folders of fonts are in it, so that a font that is new is seen.
    """
    project = os.fspath(root)
    paths = [f"{project}/{name}" for name in INPUT_FILES]
    for name in INPUT_FOLDERS:
        paths += _files(f"{project}/{name}")
    for name in SHARED_FONTS:
        paths += _folders(str(Path(name).expanduser()))
    for name in FONT_SETTINGS:
        paths += _files(str(Path(name).expanduser()))
    paths += sorted({path for path in sys.path if path.endswith("-packages")})
    return {path: facts(path) for path in paths}


def _files(folder: str) -> Iterator[str]:
    """Yield a folder and what is in it and below; not what Python keeps of its own code."""
    yield folder
    for each in _entries(folder):
        if each.is_dir(follow_symlinks=False):
            if each.name != "__pycache__":
                yield from _files(each.path)
        elif not each.name.endswith(".pyc"):
            yield each.path


def _folders(folder: str) -> Iterator[str]:
    """Yield a folder and those below it: their times change when a file comes or goes."""
    yield folder
    for each in _entries(folder):
        if each.is_dir(follow_symlinks=False):
            yield from _folders(each.path)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """Return what is in a folder, sorted; nothing where it cannot be read."""
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda each: each.name)
    except OSError:
        return []


def loaded_files() -> list[str]:
    """Return the files outside of the project that this process runs on: the interpreter and the libraries it has loaded.

    Told by what is mapped to be executed: what is mapped to be read (a font in a temporary folder) may be gone the next moment.
    """
    try:
        lines = Path("/proc/self/maps").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
    code = {line.partition("/")[2] for line in lines if "/" in line and "x" in line.split(maxsplit=2)[1]}
    return sorted(
        f"/{path}" for path in code if not path.endswith(" (deleted)") and not path.startswith("dev/")
    )


def outside_facts(paths: Iterable[str]) -> dict[str, Facts | None]:
    """Return the facts of files that a build has read outside of the project, and of what is in the folders among them."""
    every = (each for path in paths for each in _files(path))
    return {path: facts(path) for path in every}


def write_stamp(
    root: Path,
    arguments: Sequence[str],
    inputs: Mapping[str, Facts | None],
    others: Iterable[str],
    outputs: Iterable[str],
    said: Mapping[str, Any],
    outside: Sequence[str] = (),
) -> None:
    """Leave the stamp of a build that made or found everything it was asked for.

    `inputs` are the facts from before it began; `outside` are the files and folders that it read elsewhere: one that changed
    since this process began is seen by its time. `others` are files it used beside them (fonts, libraries), `outputs`
    those it delivered, `said` what it printed. Nothing is left where an input may have changed meanwhile, or there are very many files.
    """
    inputs = {**inputs, **outside_facts(outside)}
    latest = max((max(found[-2:]) for found in inputs.values() if found), default=0)
    given, made = sorted(set(others)), sorted(set(outputs))
    if latest / 1e9 > STARTED - SETTLED or len(inputs) + len(given) + len(made) > MOST_FILES:
        return
    kept = {
        "inputs": inputs,
        "outside": list(outside),
        "others": {path: facts(path) for path in given},
        "outputs": {path: facts(path) for path in made},
        "said": said,
    }
    path = _stamp_file(root, arguments)
    data = json.dumps({"for": _asked(root, arguments), **kept}, ensure_ascii=False).encode(
        "utf-8", "surrogateescape"
    )
    _write(path, data)


def _write(path: Path, data: bytes) -> None:
    """Write a stamp whole, or not at all: without one, the next build takes a second longer."""
    from handouts.files import write_whole

    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
        for old in sorted(path.parent.iterdir(), key=lambda each: each.stat().st_mtime)[:-MOST_STAMPS]:
            old.unlink()


def read_stamp(root: Path, arguments: Sequence[str]) -> Mapping[str, Any] | None:
    """Return what the last build by this command line has said, if every file is still as it left it, else None."""
    try:
        kept = json.loads(_stamp_file(root, arguments).read_bytes().decode("utf-8", "surrogateescape"))
        if kept["for"] != _asked(root, arguments):
            return None
        known = {**kept["others"], **kept["outputs"]}
        if any(_differs(found, path) for path, found in known.items()):
            return None
        now = {**input_facts(root), **outside_facts(kept["outside"])}
        same = now.keys() == kept["inputs"].keys() and all(
            _listed(found) == kept["inputs"][path] for path, found in now.items()
        )
        return dict(kept["said"]) if same else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None  # none, half a one, or another program's


def _differs(found: list[int] | None, path: str) -> bool:
    """Whether a file is another than it was."""
    return _listed(facts(path)) != found


def _listed(found: Facts | None) -> list[int] | None:
    """Return facts as JSON gives them back."""
    return None if found is None else list(found)


def _asked(root: Path, arguments: Sequence[str]) -> str:
    """Return the digest of what must be the same for a stamp to hold: the command line, where it was typed, the day, and what is asked of the surroundings.

    A digest, as a command line may name machines, or hold what nobody else should read. The day counts because signatures and
    dates of checking are read on a day.
    """
    today, surroundings = time.strftime("%Y-%m-%d"), [os.environ.get(name) for name in VARIABLES]
    return _digest([list(arguments), str(Path.cwd()), os.fspath(root), today, surroundings])


def _stamp_file(root: Path, arguments: Sequence[str]) -> Path:
    """Return the file of the stamp of a command line."""
    return root / ".cache" / "stamps" / _digest([list(arguments), str(Path.cwd())])[:24]


def _digest(asked: list[Any]) -> str:
    """Return the SHA-256 of what was asked."""
    return hashlib.sha256(json.dumps(asked).encode("utf-8", "surrogateescape")).hexdigest()
