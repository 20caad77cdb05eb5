"""JSON Schemas of the YAML files that people write: editors complete and warn by them. Made of the readers' own table."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path

from handouts.sources.shapes import DRAFT, json_schema
from handouts.sources.written import WRITTEN

FOLDER = "docs/schemas"
MODELINE = "# yaml-language-server: $schema="


def schema_files() -> Mapping[str, str]:
    """Return the text of every schema by its file, below the project."""
    return {
        f"{FOLDER}/{name}.schema.json": json.dumps(
            {"$schema": DRAFT, "title": name, **json_schema(shape)}, ensure_ascii=False, indent=1
        )
        + "\n"
        for name, (_, shape) in WRITTEN.items()
    }


def schema_of(file: str) -> str:
    """Return the name of the schema of a file of the project, nothing where it has none."""
    return next((name for name, (pattern, _) in WRITTEN.items() if fnmatch(file, pattern)), "")


def schema_line(name: str, path: Path, root: Path) -> str:
    """Return the line that tells an editor which schema a file has, by the way from the file to it."""
    return f"{MODELINE}{Path(os.path.relpath(root / FOLDER, path.parent)).as_posix()}/{name}.schema.json"
