"""What this machine lacks, and the one command that cures it."""

from __future__ import annotations

import ctypes
import importlib.util
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from handouts.model import Locale
from handouts.pdf import fonts
from handouts.problems import Problem

# Library, what it is for, Debian package.
LIBRARIES = (
    ("libpango-1.0.so.0", "Pango, which sets the type", "libpango-1.0-0"),
    ("libpangoft2-1.0.so.0", "Pango's link to fonts", "libpangoft2-1.0-0"),
)
CURE = "make system"


@dataclass(frozen=True)
class Finding:
    """One thing looked for. `package` is the Debian package that brings it."""

    what: str
    found: bool
    detail: str
    package: str


def examine(locales: Iterable[Locale]) -> list[Finding]:
    """Return what a build needs and whether it is here."""
    return [*_python(), *_libraries(), *_fonts(locales)]


def _python() -> list[Finding]:
    """Return the interpreter and the packages."""
    wanted = (
        "jinja2",
        "weasyprint",
        "babel",
        "polib",
        "yaml",
        "click",
        "rich",
        "uharfbuzz",
        "css_inline",
        "pyphen",
        "icu4py",
        "langcodes",
        "pypdfium2",
        "starlette",
        "uvicorn",
        "watchfiles",
    )
    lost = [name for name in wanted if importlib.util.find_spec(name) is None]
    new_enough = sys.version_info >= (3, 11)
    return [
        Finding("Python 3.11 or newer", new_enough, sys.version.split()[0], "python3"),
        Finding("Python packages", not lost, ", ".join(lost) or "all", ""),
    ]


def _libraries() -> list[Finding]:
    """Return the system libraries."""
    found = []
    for library, purpose, package in LIBRARIES:
        try:
            ctypes.CDLL(library)
            there = True
        except OSError:
            there = False
        found.append(Finding(purpose, there, library, package))
    there = shutil.which("fc-list") is not None
    found.append(Finding("fc-list, which finds fonts", there, "fc-list", "fontconfig"))
    return found


def _fonts(locales: Iterable[Locale]) -> list[Finding]:
    """Return the font families of every locale, in regular and bold."""
    if shutil.which("fc-list") is None:
        return []
    users: dict[str, list[str]] = {}
    for locale in locales:
        for family in locale.fonts:
            users.setdefault(family, []).append(locale.tag)
    lost = set(fonts.missing_families(users))
    return [
        Finding(
            f"font {family}",
            family not in lost,
            f"for {', '.join(dict.fromkeys(tags))}",
            fonts.SYSTEM_PACKAGES,
        )
        for family, tags in users.items()
    ]


def problems(locales: Iterable[Locale]) -> list[Problem]:
    """Return a problem for everything that is missing, each with the one command."""
    return [
        Problem(
            "missing",
            "this machine",
            f"{f.what} is missing ({f.detail}).",
            f"Run: {CURE}" if f.package else "Run: make setup",
        )
        for f in examine(locales)
        if not f.found
    ]


def library_problems() -> list[Problem]:
    """Return a problem for every system library that a PDF needs and this machine lacks."""
    lost = [finding for finding in _libraries() if not finding.found]
    return [
        Problem("missing", "this machine", f"{f.what} is missing ({f.detail}).", f"Run: {CURE}") for f in lost
    ]


def verify_problems() -> list[Problem]:
    """Return a problem for everything that reading handouts back needs and this machine lacks."""
    modules = ("PIL", "outloud", "page", "pikepdf", "pymupdf")
    lost = [f"the Python package {name}" for name in modules if importlib.util.find_spec(name) is None]
    lost += [f"{name}, of poppler," for name in ("pdftotext", "pdftoppm") if shutil.which(name) is None]
    return [
        Problem("missing", "this machine", f"{what} is missing.", "Run: make setup-verify") for what in lost
    ]


def font_problems(locales: Iterable[Locale]) -> list[Problem]:
    """Return a problem for every font that the locales name and this machine lacks."""
    wanted = dict.fromkeys(locales)
    return [
        Problem(
            "font-not-machine-regular",
            f"locales/{locale.tag}/locale.toml",
            f"the font “{family}” is not on this machine in regular and bold.",
            f"Run: {CURE} — or name a font that is here.",
        )
        for locale in wanted
        for family in fonts.missing_families(locale.fonts)
    ]
