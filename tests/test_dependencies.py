"""pyproject.toml is the one list of what the program runs on."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest

from handouts import dependencies
from tests.conftest import ROOT
from tests.test_design import modules, stage


def named(distribution: str) -> str:
    """Return the name of a distribution as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def imported(tree: ast.Module) -> set[str]:
    """Return the top-level modules that a module imports, wherever the import stands."""
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names} - {"", "handouts", *sys.stdlib_module_names}


def test_every_package_that_the_code_imports_is_declared() -> None:
    """To run, or in an extra where only one stage uses it; what comes along with another is not enough."""
    known = packages_distributions()
    run = set(dependencies.declared())
    extras = {"verify": "verify", "sending": "mail", "cluster": "cluster"}
    met = set()
    for name, tree in modules().items():
        extra = extras.get(stage(name), "")
        allowed = run | set(dependencies.declared(extra)) if extra else run
        for package in imported(tree):
            owners = {named(owner) for owner in known[package]}
            met |= owners
            assert owners & allowed, f"{name} imports {package}, of {owners}"
    assert len(met) > 12


def test_pillow_is_declared_where_it_is_needed() -> None:
    """pypdfium2 draws by way of it and does not require it: an e-mail's picture would lack it."""
    assert "pillow" in dependencies.declared()


def test_every_pin_is_exact_and_here() -> None:
    """The tests run on what is pinned; the lock file pins the same."""
    assert dependencies.lacking() == []
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for name, pin in dependencies.declared().items():
        assert re.search(rf"^{re.escape(named(name))}=={re.escape(pin)}\b", lock, re.MULTILINE), name


def test_the_versions_go_down_to_what_the_dependencies_need() -> None:
    """What decides the bytes of a page is more than what is named: WeasyPrint's parsers, Jinja's escaping."""
    found = dependencies.versions()
    assert {"weasyprint", "tinycss2", "tinyhtml5", "markupsafe", "cffi"} <= set(found)
    assert found["weasyprint"] == version("weasyprint")
    assert list(found) == sorted(found)
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([a-z0-9-]+)==([^ \\;]+)", lock, re.MULTILINE))
    assert {name: locked.get(name) for name in found} == dict(found)


def test_what_is_not_here_in_its_version_is_lacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that was removed, and one of another version, each with the version that is wanted."""
    text = '[project]\ndependencies = ["polib==0.1", "nowhere-to-be-found==1.0", "click==VERSION"]\n'
    changed = tmp_path / "pyproject.toml"
    changed.write_text(text.replace("VERSION", version("click")), encoding="utf-8")
    monkeypatch.setattr(dependencies, "PYPROJECT", changed)
    assert dependencies.lacking() == ["polib 0.1", "nowhere-to-be-found 1.0"]


def test_what_is_installed_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next process finds it in the folder, until a distribution comes, goes or is another."""
    asked: list[str] = []

    def noted() -> dict[str, str]:
        asked.append("")
        return {"polib": str(len(asked))}

    monkeypatch.setattr(dependencies, "_versions", noted)
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path, str(site)])
    ask = dependencies.versions.__wrapped__
    seen = [ask(tmp_path / "kept"), ask(tmp_path / "kept")]
    (site / "polib-9.dist-info").mkdir()
    seen += [ask(tmp_path / "kept"), ask(tmp_path / "kept")]
    (file,) = (path for path in (tmp_path / "kept").iterdir() if b"2" in path.read_bytes())
    file.write_bytes(b"{")
    seen += [ask(tmp_path / "kept"), ask(None)]
    assert [each["polib"] for each in seen] == ["1", "1", "2", "2", "3", "4"]


def test_a_folder_that_cannot_be_written_costs_time_alone(tmp_path: Path) -> None:
    """The versions are what they are."""
    (tmp_path / "kept").touch()
    assert dependencies.versions(tmp_path / "kept") == dependencies.versions()


@pytest.mark.xdist_group("one-worker")
def test_what_is_grouped_is_run_by_one_worker(request: pytest.FixtureRequest) -> None:
    """By its name pytest-xdist knows a group. Where it loses that nothing fails, but what is made once for a module is made three times."""
    grouped = getattr(request.config.option, "loadgroup", False)  # not where a person runs one file
    assert request.node.nodeid.endswith("@one-worker") is grouped
