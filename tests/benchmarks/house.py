"""The house in figures, beside those of another revision: `python3 -m tests.benchmarks.house [REVISION]`.

How many modules there are and how many of them stand on the top floor, what the stages import from each other and
how much of it climbs, how long modules and functions are, and which public names live in more than one module.
A line of a function is any line from its `def` to its end; a public name is a function, class or constant at the top
of a module whose name does not begin with an underscore.
"""

from __future__ import annotations

import ast
import io
import statistics
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import ROOT
from tests.test_design import STAGES, has_test, imports, modules, stage

Trees = Mapping[str, ast.Module]
SHOWN = 40  # names that live in more than one module


def figures(root: Path) -> dict[str, str]:
    """Return every figure of a checkout, by what it is."""
    trees = modules(root)
    if (root / "build.py").is_file():
        trees["build.py"] = ast.parse((root / "build.py").read_text(encoding="utf-8"))
    package = {name: tree for name, tree in trees.items() if name != "build.py"}
    named = {name for name in package if not name.endswith("__init__.py")}
    return {
        "modules": str(len(named)),
        "modules on the top floor": str(sum(name.count("/") == 1 for name in named)),
        "folders on the top floor": str(len({name.split("/")[1] for name in package if name.count("/") > 1})),
        **_between(package),
        **_sizes(root, {name: tree for name, tree in trees.items() if not name.endswith("__init__.py")}),
        "public names in two or more modules": str(len(shared_names(package))),
        "modules with a test of their name": str(sum(has_test(name, root) for name in named)),
    }


def _between(package: Trees) -> dict[str, str]:
    """Return how many imports lead from one stage to another, and how many of them to a later one."""
    pairs = [
        (stage(name), stage(other))
        for name, tree in package.items()
        for other in imports(tree, package)
        if stage(name) != stage(other)
    ]
    # A stage that is not in the order of today stands behind it.
    place = {name: number for number, name in enumerate(STAGES)}
    climbing = sum(place.get(other, len(place)) > place.get(name, len(place)) for name, other in pairs)
    return {"imports between stages": str(len(pairs)), "of them climb": str(climbing)}


def _sizes(root: Path, trees: Trees) -> dict[str, str]:
    """Return the median and the longest of modules and of functions, in lines."""
    lengths = {name: len((root / name).read_text(encoding="utf-8").splitlines()) for name in trees}
    functions = {
        f"{node.name} in {name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for name, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    return {
        "module, median": f"{statistics.median(lengths.values()):.0f} lines",
        "module, longest": _longest(lengths),
        "function, median": f"{statistics.median(functions.values()):.0f} lines",
        "function, longest": _longest(functions),
    }


def _longest(lengths: Mapping[str, int]) -> str:
    name = max(lengths, key=lambda each: lengths[each])
    return f"{lengths[name]} lines ({name})"


def shared_names(package: Trees) -> dict[str, list[str]]:
    """Return the public names that are defined at the top of more than one module, with these modules.

    Not counted: what click makes of a command, which is named as a person types it, and type variables.
    """
    found: dict[str, list[str]] = {}
    for module, tree in package.items():
        for name in {name for node in tree.body for name in _defined(node)}:
            found.setdefault(name, []).append(module)
    return {name: where for name, where in sorted(found.items()) if len(where) > 1}


def _defined(node: ast.stmt) -> list[str]:
    """Return the public names that a statement at the top of a module defines."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        names = [] if any("command" in ast.unparse(each) for each in node.decorator_list) else [node.name]
    elif isinstance(node, ast.Assign) and "TypeVar(" in ast.unparse(node.value):
        names = []
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)]
    else:
        names = []
    return [name for name in names if not name.startswith("_")]


def checked_out(revision: str, folder: Path) -> Path:
    """Unpack the files of a revision into a folder and return it. Raises CalledProcessError where there is no such revision."""
    command = ["git", "-C", str(ROOT), "archive", "--format=tar", revision]
    archive = subprocess.run(command, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
    return folder


def main(revisions: list[str]) -> None:
    """Print the figures of this tree, after those of the revisions named."""
    columns = {}
    for revision in revisions:
        with tempfile.TemporaryDirectory() as folder:
            columns[revision] = figures(checked_out(revision, Path(folder)))
    columns["here"] = figures(ROOT)
    print("\t".join(("", *columns)))
    for row in columns["here"]:
        print("\t".join((row, *(column[row] for column in columns.values()))))
    for name, where in list(shared_names(modules()).items())[:SHOWN]:
        print(f"{name}: {', '.join(where)}")


if __name__ == "__main__":
    main(sys.argv[1:])
