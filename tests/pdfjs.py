"""Text as Firefox takes it out of a PDF: pdf.js, run by Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "node"
MISSING = "pdf.js is not here: install Node 18 or newer, then run: npm ci --prefix tests/node"


def pdf_js(paths: Iterable[Path]) -> dict[Path, list[str]]:
    """Return the text of every page of each PDF, by path, in the order of the PDF's own drawing.

    Pieces of text are put together as pdf.js gives them, with a line end where it says that a line
    ends. Raises RuntimeError where Node or its packages are missing, and where a PDF cannot be read.
    """
    wanted = list(paths)
    node = shutil.which("node")
    if not node or not (FOLDER / "node_modules" / "pdfjs-dist").is_dir():
        raise RuntimeError(MISSING)
    command = [node, str(FOLDER / "pdfjs.mjs"), *map(str, wanted)]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "Error" in line or "Exception" in line]
        raise RuntimeError(f"pdf.js stopped: {said[0] if said else done.stderr.strip()}")
    found: dict[str, list[str]] = json.loads(done.stdout)
    return {path: found[str(path)] for path in wanted}
