"""WeasyPrint is changed in one place, which says what it changes, and asks before it does."""

from __future__ import annotations

import ast
import hashlib
import inspect
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pydyf
import pytest
import weasyprint

from handouts.pdf.exact.install import REPLACED, VERSIONS, Replacement, install, original
from tests.conftest import ROOT

# Of the source of every function that is replaced, in the versions that `install` asks for.
DIGESTS = {
    "weasyprint.draw.text.draw_first_line": "1bb8eae6d88e71b17096a034656f3be17da8f1f513c78536c1c38d971927638b",
    "weasyprint.pdf.fonts.build_fonts_dictionary": "fc551bef35d0d6c3d288f686fd21b5ea8c1efadb8f2f3b4d379cfa6045c02230",
    "weasyprint.text.fonts.get_hb_object_data": "03040a623df04c2b5fe464037e14b07fe430fd1ec43602abf955fdf3fbe77ea6",
    "weasyprint.pdf.tags.add_tags": "f0e74575b0bafaf36458eaac27874e3b80457fba3694058153da514a68933f22",
    "weasyprint.pdf.stream.Stream.marked": "3fa3acacbbf66422e7b0de4346b6eaf638657280a0f62c73172e3c445b888692",
    "weasyprint.css.ColorProfile": "8b4e0541486ee983ac708dffe4beed3821914b267599d2233e96e25e4b7df4b4",
    "pydyf.Stream.data": "bdc2bc513f286de7b7a7220a43e6085daa6ed0056d9c04e3c9b5abe40f3ecf81",
}
PUBLIC = frozenset({"_asdict", "_exit", "_fields", "_replace"})  # of named tuples, and of os


def source(each: Replacement) -> str:
    """Return the source of what is replaced."""
    found: Any = original(each)
    function: Any = found.fget if isinstance(found, property) else found
    return inspect.getsource(function)


@pytest.mark.parametrize("each", REPLACED, ids=lambda each: each.defined)
def test_what_is_replaced_is_what_was_read(each: Replacement) -> None:
    """A replaced function that changes in a new version must be read again, and its replacement compared with it."""
    digest = hashlib.sha256(source(each).encode()).hexdigest()
    assert digest == DIGESTS[each.defined], f"{each.defined} has changed: read it again (docs/weasyprint.md)"


def test_the_table_is_what_is_done() -> None:
    """After `install` every name in the table has its new value, and a second call changes nothing."""
    install()
    first = {each.defined: inspect.getattr_static(*_place(each)) for each in REPLACED}
    install()
    for each in REPLACED:
        now = inspect.getattr_static(*_place(each))
        assert now is first[each.defined]
        assert now is not original(each)
        assert now is each.by or each.wraps
        assert each.why.endswith(".")
        assert each.not_done.endswith(".")
    assert len(REPLACED) == len(DIGESTS) == 7


def _place(each: Replacement) -> tuple[Any, str]:
    return resolve_name(each.holder), each.name


@pytest.mark.parametrize("library", [weasyprint, pydyf])
def test_another_version_is_refused(library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both versions are asked for, since functions are replaced that may change without notice."""
    name = library.__name__
    monkeypatch.setattr(library, "__version__", "99.1")
    with pytest.raises(
        RuntimeError, match=rf"{name} {VERSIONS[name]} is needed to write PDFs, this is 99\.1"
    ):
        install()


def private_names(tree: ast.Module) -> set[str]:
    """Return the names beginning with one underscore that a module asks of something other than itself or its class."""
    own = {"self", "cls"}
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr.startswith("_")
        and not node.attr.startswith("__")
        and not (isinstance(node.value, ast.Name) and node.value.id in own)
    } | {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in VERSIONS
        for alias in node.names
        if alias.name.startswith("_")
    }


def private_names_outside(root: Path = ROOT) -> dict[str, set[str]]:
    """Return the private names that each module of the package asks for, outside of the door."""
    found = {
        path.relative_to(root).as_posix(): private_names(ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted((root / "handouts").rglob("*.py"))
    }
    assert any(names for name, names in found.items() if name.startswith("handouts/pdf/exact/"))
    return {
        name: names - PUBLIC for name, names in found.items() if not name.startswith("handouts/pdf/exact/")
    }


def test_no_other_module_knows_a_private_name() -> None:
    """Outside of the door nothing is asked of another's object that begins with an underscore."""
    assert {name: names for name, names in private_names_outside().items() if names} == {}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("box = page._page_box", "_page_box"),
        ("from pydyf import _to_bytes", "_to_bytes"),
        ("def late(stream):\n    return [tag for tag in stream._tags]", "_tags"),
    ],
)
def test_a_private_name_is_found(line: str, name: str) -> None:
    """The rule is seen to refuse a private name of a page, of a stream, and one that is imported."""
    assert private_names(ast.parse(line)) == {name}
