"""The design: stages import only from stages before them, no module is met in a circle, and a language is a folder."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import LOCALES, ROOT

# In the order in which a text goes through them; a stage imports from itself and from those before it.
# "ground" are the modules at the top of the package, which belong to every stage.
STAGES = (
    "ground",
    "sources",
    "page",
    "checks",
    "pdf",
    "mail",
    "library",
    "cluster",
    "site",
    "sending",
    "serving",
    "workbench",
    "desk",
    "verify",
    "cli",
)
# Modules without a test module of their name in the mirrored place, each with the reason.
TESTED_ELSEWHERE: Mapping[str, str] = {}
# What is made of values alone: folders and modules that read no disk, no clock, no environment. What they need of
# these comes in: sources, the look, the day. (pdf/ reads fonts and keeps them; library/ is about files.)
PURE = (
    "handouts/page/",
    "handouts/mail/",
    "handouts/checks/",
    "handouts/library/plan.py",
    "handouts/library/jobs.py",
)
OUTSIDE = frozenset(
    (
        "open",
        "read_text",
        "read_bytes",
        "write_text",
        "write_bytes",
        "exists",
        "is_file",
        "is_dir",
        "iterdir",
        "glob",
        "rglob",
        "stat",
        "resolve",
        "mkdir",
        "unlink",
        "now",
        "utcnow",
        "today",
        "time",
        "environ",
        "getenv",
        "getcwd",
    )
)
GROUND_ONLY = "handouts/pdf/exact"  # other users of WeasyPrint could take it as it is


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a file, which no test changes."""
    return ast.parse(path.read_text(encoding="utf-8"))


def modules(root: Path = ROOT) -> dict[str, ast.Module]:
    """Return every module of the package by its path below the project."""
    found = {
        path.relative_to(root).as_posix(): parsed(path) for path in sorted((root / "handouts").rglob("*.py"))
    }
    assert len(found) > len(STAGES)
    return found


def stage(module: str) -> str:
    """Return the stage of a module, by its path: `handouts/pdf/exact/bidi.py` is of `pdf`."""
    parts = module.split("/")
    return parts[1] if len(parts) > 2 else "ground"


def imports(tree: ast.Module, known: Mapping[str, ast.Module]) -> set[str]:
    """Return the modules of the package that a module imports: also inside a function, or for types only."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "an import names its module in full"
            names |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    paths = {f"{name.replace('.', '/')}{end}" for name in names for end in (".py", "/__init__.py")}
    return paths & set(known)


def climbs(known: Mapping[str, ast.Module]) -> list[str]:
    """Return every import from a later stage, as “module imports module”."""
    assert {stage(name) for name in known} == set(STAGES)
    return [
        f"{name} imports {other}"
        for name, tree in known.items()
        for other in imports(tree, known)
        if STAGES.index(stage(other)) > STAGES.index(stage(name))
    ]


def test_no_import_climbs() -> None:
    """A module imports from its own stage and from those before it, wherever in the module the import stands."""
    assert climbs(modules()) == []


@pytest.mark.parametrize(
    "line",
    [
        "from handouts.library.plan import plan",
        "import handouts.cli.report",
        "def late() -> None:\n    from handouts.workbench import status",
        "if TYPE_CHECKING:\n    from handouts.verify.verdict import Verdict",
    ],
)
def test_an_import_that_climbs_is_found(line: str) -> None:
    """The rule is seen to refuse an import of a later stage: at the top, inside a function, for types only."""
    known = modules()
    known["handouts/page/compose.py"] = ast.parse(line)
    assert climbs(known)


def test_no_module_is_met_in_a_circle() -> None:
    """Modules can be read one after the other, each after what it uses."""
    known = modules()
    graph = {name: imports(tree, known) - {name} for name, tree in known.items()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(known)


def reaches_out(tree: ast.Module) -> list[str]:
    """Return what a module calls or asks for that reads or writes outside of the program, with its line."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found += [f"{called}:{node.lineno}"] if called in OUTSIDE else []
        elif isinstance(node, ast.Attribute) and node.attr == "environ":
            found.append(f"environ:{node.lineno}")
    return found


def test_what_is_in_the_middle_reads_no_disk_no_clock_and_no_environment() -> None:
    """Pages, e-mails, checks and plans are made of values: the same ones give the same, wherever and whenever."""
    pure = {name: tree for name, tree in modules().items() if name.startswith(PURE)}
    assert {stage(name) for name in pure} == {"page", "mail", "checks", "library"}
    assert {name: reaches_out(tree) for name, tree in pure.items() if reaches_out(tree)} == {}


@pytest.mark.parametrize(
    "line",
    [
        "Path('x').read_text()",
        "open('x')",
        "with path.open() as file: pass",
        "datetime.now(tz=UTC)",
        "date.today()",
        "time.time()",
        "os.environ['X']",
        "def late() -> None:\n    os.getenv('X')",
    ],
)
def test_a_module_that_reads_outside_is_found(line: str) -> None:
    """The rule is seen to refuse each of them."""
    assert reaches_out(ast.parse(line))


def test_the_door_to_weasyprint_stands_on_the_ground() -> None:
    """`pdf/exact` imports nothing of the project but the ground and itself."""
    known = modules()
    door = [name for name in known if name.startswith(GROUND_ONLY)]
    assert len(door) > 3
    for name in door:
        foreign = {
            o for o in imports(known[name], known) if stage(o) != "ground" and not o.startswith(GROUND_ONLY)
        }
        assert foreign <= {"handouts/pdf/__init__.py"}, f"{name} imports {foreign}"


def test_no_python_file_names_a_language() -> None:
    """A language is a folder: only the source language is named in code."""
    tags = set(LOCALES) - {"en"}
    assert len(tags) >= 5
    for name, tree in modules().items():
        named = {
            n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
        } & tags
        # In these two “th” heads a table.
        named -= {"th"} if name in {"handouts/pdf/exact/tags.py", "handouts/mail/lint.py"} else set()
        assert not named, f"{name} names {named}"


def test_every_module_says_its_job_in_its_first_line() -> None:
    """One sentence, before anything else; and every public function promises something."""
    for name, tree in modules().items():
        assert ast.get_docstring(tree), name
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{name}: {node.name}"


def has_test(module: str, root: Path = ROOT) -> bool:
    """Whether a module of the package has a test module of its name: `handouts/x/y.py` has `tests/x/test_y.py`."""
    folder, _, name = module.removeprefix("handouts/").rpartition("/")
    return (root / "tests" / folder / f"test_{name}").is_file()


def untested(names: Iterable[str], excused: Mapping[str, str]) -> list[str]:
    """Return the modules that have neither a test of their name nor an excuse, and the excuses that no module needs."""
    own = {name for name in names if not name.endswith("__init__.py")}
    needed = {name for name in own if not has_test(name)}
    return sorted(needed ^ set(excused))


def test_every_module_has_a_test_of_its_name_or_a_reason() -> None:
    """Who changes a module finds its promises in the mirrored place; the table of reasons is short and up to date."""
    known = modules()
    assert untested(known, TESTED_ELSEWHERE) == []
    assert all(reason.strip() for reason in TESTED_ELSEWHERE.values())
    assert len(TESTED_ELSEWHERE) < len(known) / 10


def test_a_module_without_a_test_is_found() -> None:
    """The rule is seen to refuse a module that is new, and an excuse for what has a test or is not there."""
    (some,) = [name for name in modules() if name == "handouts/pdf/fonts.py"]
    assert has_test(some)
    new, lost = "handouts/pdf/novel.py", "handouts/lost.py"
    assert untested([some, new], {}) == [new]
    assert untested([some], {some: "so", lost: "gone"}) == sorted([some, lost])


def test_the_project_holds_no_address_of_a_registry() -> None:
    """Lock files keep hashes, no addresses."""
    names = [path.name for path in ROOT.glob("requirements*.lock")]
    assert len(names) > 3
    for name in names:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "index-url" not in text
