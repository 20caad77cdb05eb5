"""A TOML file of the project as a mapping, or what is wrong with it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from handouts.files import read_text
from handouts.problems import Problem, in_file

PLACE = re.compile(r" ?\(at line (\d+), column \d+\)")  # how tomllib says where; it has no number to ask for


def read_toml(path: Path, root: Path) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Return what the file at `path` holds, below the project at `root`, or None and what is wrong with it."""
    text, problems = read_text(path, root)
    if text is None:
        return None, problems
    try:
        return tomllib.loads(text), []
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a plain ValueError
        file, place = path.relative_to(root).as_posix(), PLACE.search(str(error))
        what = f"this is not valid TOML: {PLACE.sub('', str(error))}."
        fix = "Look for a quote or a bracket that is not closed."
        if place:
            fix = "Look at this line and the one above it."
        return None, [in_file("invalid-toml", file, what, fix, line=int(place[1]) if place else 0)]
