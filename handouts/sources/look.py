"""How everything looks and what it is made with: colours, templates, dates, versions; read once, beside the sources."""

from __future__ import annotations

import ctypes
import hashlib
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import TemplateNotFound

from handouts import dependencies
from handouts.files import read_text
from handouts.problems import Fault, Problem, in_file
from handouts.sources.nodes import Node
from handouts.sources.toml import read_toml

TEMPLATE_FOLDER, TOKENS = "templates", "templates/tokens.toml"
EPOCH = "SOURCE_DATE_EPOCH"  # https://reproducible-builds.org/specs/source-date-epoch/
COLOUR, NAME = re.compile("#[0-9a-f]{6}"), re.compile("[a-z][a-z0-9-]*")
NO_COLOUR = Fault("invalid-colour", "this is not a colour.", 'Write it as "#0b5563", in small letters.')
# Those that decide how a page comes out.
SYSTEM_LIBRARIES = (
    ("libpango-1.0.so.0", "pango_version_string"),
    ("libharfbuzz.so.0", "hb_version_string"),
)


@dataclass(frozen=True)
class Token:
    """A colour by use. `on` names the backgrounds it is read on; empty for what carries no text."""

    name: str
    light: str
    dark: str
    on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Look:
    """All that decides a page beside the sources; a value like them, so that nothing after it reads disk or clock.

    `templates` are the texts of the folder by file name: Jinja, style sheets, scripts. `tokens` are the colours by
    name. `epoch` is the moment that SOURCE_DATE_EPOCH sets, as it is written into a file, and empty where it is not
    set. `versions` are those of Python and of the libraries; `code` is the SHA-256 of the package's own code.
    """

    templates: Mapping[str, str]
    tokens: Mapping[str, Token]
    epoch: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    code: str = ""

    def __hash__(self) -> int:
        """Equal looks have one hash, also one that was sent to another process."""
        return hash(tuple(self.templates.items()))

    def template(self, name: str) -> str:
        """Return the text of a template by its file name. Raises jinja2's TemplateNotFound."""
        if name not in self.templates:
            raise TemplateNotFound(name)
        return self.templates[name]

    def created(self, edition: str) -> str:
        """Return the date to write into a file of an edition: SOURCE_DATE_EPOCH, else the first of its month."""
        return self.epoch or f"{edition}-01"


def load_look(root: Path, environ: Mapping[str, str]) -> tuple[Look, list[Problem]]:
    """Read the templates below `root`, and what is to be known of this machine; return it, and what is wrong with it."""
    templates, faults = _templates(root)
    tokens, wrong = _tokens(root)
    epoch, unclear = _epoch(environ.get(EPOCH, ""))
    look = Look(templates, tokens, epoch, library_versions(root / ".cache" / "versions"), code_digest())
    return look, [*faults, *wrong, *unclear]


def _templates(root: Path) -> tuple[dict[str, str], list[Problem]]:
    """Return the texts of the templates by file name, and what is wrong with their files."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for path in sorted((root / TEMPLATE_FOLDER).glob("[!.]*.*[!~]")):
        text, found = read_text(path, root)
        texts[path.name] = text or ""
        problems += found
        if text is not None and not text.strip():
            file = path.relative_to(root).as_posix()
            problems.append(in_file("empty-file", file, "the file is empty.", "Put back what was taken out."))
    return texts, problems


def _tokens(root: Path) -> tuple[dict[str, Token], list[Problem]]:
    """Return the colours of the project by name, and what is wrong with them."""
    document = read_toml(root / TOKENS, root)
    rows = {name: (node, node.fields(["light", "dark"], ["on"])) for name, node in document.entries()}
    tokens = {
        name: Token(
            name,
            parts["light"].shaped(COLOUR, NO_COLOUR),
            parts["dark"].shaped(COLOUR, NO_COLOUR),
            tuple(ground.choice(rows, "") for ground in _listed(parts["on"])),
        )
        for name, (node, parts) in rows.items()
        if _is_named(name, node)
    }
    problems = document.problems
    if not rows and not problems:
        problems = [
            in_file("empty-file", TOKENS, "there is no colour in it.", "Put back what was taken out.")
        ]
    return ({} if problems else tokens), problems


def _listed(node: Node) -> list[Node]:
    """Return the items of a list that may be missing."""
    return [] if node.is_missing else node.items()


def _is_named(name: str, node: Node) -> bool:
    """Whether a colour has a name that a style sheet can call it by; notes where not."""
    if not NAME.fullmatch(name):
        node.problem(
            "invalid-id", "this is not the name of a colour.", "Use small letters a-z, digits and hyphens."
        )
    return bool(NAME.fullmatch(name))


def _epoch(seconds: str) -> tuple[str, list[Problem]]:
    """Return the moment SOURCE_DATE_EPOCH says, as it is written into a file, empty where it says none."""
    if not seconds:
        return "", []
    try:
        if re.fullmatch("[0-9]{1,12}", seconds):
            return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), []
    except (ValueError, OverflowError, OSError):
        pass  # a year beyond 9999
    what = f"“{seconds}” does not say a time."
    return "", [Problem("invalid-date", EPOCH, what, "Give the whole seconds since 1970, or unset it.")]


def library_versions(kept: Path | None = None) -> dict[str, str]:
    """Return the versions of Python, of the packages and of the system libraries that make a page.

    `kept` is the folder in which those of packages are remembered; without it each is asked.
    """
    found = {"python": platform.python_version(), **dependencies.versions(kept)}
    for library, function in SYSTEM_LIBRARIES:
        try:
            ask = getattr(ctypes.CDLL(library), function)
            ask.restype = ctypes.c_char_p
            found[library] = ask().decode()
        except (OSError, AttributeError):
            found[library] = "none"  # a build says which command brings it
    return found


@cache  # what runs is what was there at the start
def code_digest() -> str:
    """Return the SHA-256 of the package's code and settings: any change of them may change a page."""
    digest, package = hashlib.sha256(), Path(__file__).resolve().parents[1]
    for path in sorted(p for p in package.rglob("*") if p.suffix in {".py", ".conf"}):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
