"""What mail clients do not support in a page, by caniemail, run by Node."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "node"
MISSING = "caniemail is not here: install Node, then run: npm ci --prefix tests/node"
# Those that most patients read with, by caniemail's names.
CLIENTS = (
    "gmail.android",
    "gmail.desktop-webmail",
    "gmail.ios",
    "gmail.mobile-webmail",
    "outlook.windows",
    "outlook.outlook-com",
    "outlook.ios",
    "outlook.android",
    "outlook.macos",
    "apple-mail.ios",
    "apple-mail.macos",
    "yahoo.android",
    "yahoo.desktop-webmail",
    "yahoo.ios",
    "samsung-email.android",
)


def unsupported(pages: Mapping[str, str], clients: Sequence[str] = CLIENTS) -> dict[str, dict[str, set[str]]]:
    """Return what clients do not support of each page: by its name, then by client, the names of features.

    Every client is there, with nothing where it supports all. What it supports in part is not named. Raises RuntimeError where Node or caniemail is
    missing, and where caniemail knows no such client.
    """
    node = shutil.which("node")
    if not node or not (FOLDER / "node_modules" / "caniemail").is_dir():
        raise RuntimeError(MISSING)
    asked = json.dumps({"clients": clients, "pages": pages})
    command = [node, str(FOLDER / "caniemail.mjs")]
    done = subprocess.run(command, input=asked, capture_output=True, check=False, encoding="utf-8")
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if re.match(r"\w*Error: ", line)]
        raise RuntimeError(f"caniemail stopped: {said[0] if said else done.stderr.strip()}")
    found: dict[str, dict[str, list[str]]] = json.loads(done.stdout)
    return {
        page: {client: set(features) for client, features in each.items()} for page, each in found.items()
    }


def body(html: str) -> str:
    """Return what stands in the body of a page: all that is left of it in Gmail."""
    return html.split("<body", 1)[1].split(">", 1)[1].rsplit("</body>", 1)[0]
