"""What this machine lacks, and the one command that cures it."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handouts import dependencies
from handouts.model import Locale
from handouts.pdf import fonts
from handouts.problems import Problem, in_file

# Library, what it is for, Debian package.
LIBRARIES = (
    ("libpango-1.0.so.0", "Pango, which sets the type", "libpango-1.0-0"),
    ("libpangoft2-1.0.so.0", "Pango's link to fonts", "libpangoft2-1.0-0"),
)
WHERE = "this machine"
ASKED = 30  # seconds that dpkg may take


@dataclass(frozen=True)
class Finding:
    """One thing looked for. `package` is the Debian package that brings it."""

    what: str
    found: bool
    detail: str
    package: str


def machine_findings(locales: Iterable[Locale]) -> list[Finding]:
    """Return what a build needs and whether it is here."""
    return [*_python(), *_libraries(), *_fonts(locales)]


def _python() -> list[Finding]:
    """Return the interpreter and the packages."""
    lost = dependencies.lacking()
    new_enough = sys.version_info >= (3, 11)
    return [
        Finding("Python 3.11 or newer", new_enough, sys.version.split()[0], ""),
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


def missing(looked_for: Iterable[Finding]) -> list[Problem]:
    """Return a problem for everything that was looked for and is missing, each with the one command that cures it."""
    return [
        Problem("missing-on-machine", WHERE, f"{f.what} is missing ({f.detail}).", _cure(f.package))
        for f in looked_for
        if not f.found
    ]


def _cure(package: str) -> str:
    """Return how to get what is missing: a package of the system, or of Python where none is named.

    `make system` brings what is not installed; where all of it is, running it again would lead in a circle.
    """
    if not package:
        return "Run: make setup"
    if shutil.which("dpkg-query"):
        if not _is_installed(package.split()):
            return "Run: make system"
        return f"Its package is installed, and does not bring it: sudo apt-get install --reinstall {package}."
    return f"Install it with this system's package manager; Debian has it in {package}."


def _is_installed(packages: Sequence[str]) -> bool:
    """Whether Debian's packages are all installed."""
    asked = ["dpkg-query", "-W", "-f", "${Status}\\n", *packages]
    try:
        said = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=ASKED).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    return said.count("ok installed") == len(packages)


def library_problems() -> list[Problem]:
    """Return a problem for every system library that a PDF needs and this machine lacks."""
    return missing(_libraries())


def verify_problems() -> list[Problem]:
    """Return a problem for everything that reading handouts back needs and this machine lacks."""
    lost = [f"the Python package {package}" for package in dependencies.lacking("verify")]
    lost += [f"{name}, of poppler," for name in ("pdftotext", "pdftoppm") if shutil.which(name) is None]
    fix = "Run: make setup-verify"
    return [Problem("missing-on-machine", WHERE, f"{what} is missing.", fix) for what in lost]


def font_problems(locales: Iterable[Locale]) -> list[Problem]:
    """Return a problem for every font that the locales name and this machine lacks."""
    there = shutil.which("dpkg-query") and _is_installed(fonts.SYSTEM_PACKAGES.split())
    cure = "Install it" if there else _cure(fonts.SYSTEM_PACKAGES).removesuffix(".")
    fix = f"{cure} — or name a font that is here."
    return [
        in_file(
            "font-missing",
            f"locales/{locale.tag}/locale.toml",
            f"the font “{family}” is not on this machine in regular and bold.",
            fix,
        )
        for locale in dict.fromkeys(locales)
        for family in fonts.missing_families(locale.fonts)
    ]
