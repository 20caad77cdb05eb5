"""The design: which module may use which, and that a language is a folder."""

from __future__ import annotations

import ast

from tests.conftest import LOCALES, ROOT

# Left to right, as the text flows; a module imports only from its left.
ORDER = [
    "problems", "model", "memory", "parallel", "files", "reader", "markup", "breaks", "readability", "colours", "blocks", "content", "locales",
    "catalogs", "glossary", "translate", "reviews", "references", "sources", "pseudo", "faults", "exactness", "wording", "checks", "signing", "values", "writers", "pictures", "compose", "status",
    "pdf.fonts", "pdf.embed", "pdf.order", "pdf.structure", "pdf.bidi", "pdf.text_layer", "pdf.conformance",
    "pdf.render", "mail.inline", "mail.lint", "machine", "scaffold", "plan", "proof", "deliver", "mail.addresses",
    "mail.message", "mail.picture", "library", "preview.scene", "preview.server", "mail.people", "mail.settings", "mail.ledger",
    "mail.servers", "mail.outbox", "verify.words", "verify.extractors",
    "verify.drawn", "verify.tags", "verify.setting", "verify.standards", "verify.pixels", "verify.gate",
    "verify.release", "report", "mail.account",
]  # fmt: skip


def modules() -> dict[str, ast.Module]:
    """Return every module of the package, by name."""
    folder = ROOT / "handouts"
    found = {
        path.relative_to(folder).with_suffix("").as_posix().replace("/", "."): ast.parse(
            path.read_text(encoding="utf-8")
        )
        for path in folder.rglob("*.py")
        if path.name != "__init__.py"
    }
    assert len(found) > 15
    return found


def imports(tree: ast.Module) -> set[str]:
    """Return the modules of the package that a module imports, wherever it does."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("handouts"):
            inside = (node.module or "").removeprefix("handouts").lstrip(".")
            names |= {inside} if inside in ORDER else {f"{inside}.{a.name}".lstrip(".") for a in node.names}
    return names & set(ORDER)


def test_modules_import_only_leftward() -> None:
    """The text flows one way: load, translate, compose, render, deliver."""
    found = modules()
    assert set(found) == set(ORDER)
    for name, tree in found.items():
        wrong = [other for other in imports(tree) if ORDER.index(other) >= ORDER.index(name)]
        assert not wrong, f"{name} imports {wrong}"


def test_no_python_file_names_a_language() -> None:
    """A language is a folder: only the source language is named in code."""
    tags = set(LOCALES) - {"en"}
    assert len(tags) >= 5
    for name, tree in modules().items():
        named = {
            n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
        } & tags
        named -= {"th"} if name in {"pdf.structure", "mail.lint"} else set()  # there it heads a table
        assert not named, f"{name} names {named}"


def test_every_module_says_its_job_in_its_first_line() -> None:
    """One sentence, before anything else; and every public function promises something."""
    for name, tree in modules().items():
        assert ast.get_docstring(tree), name
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{name}.{node.name}"
