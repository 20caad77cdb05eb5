"""The password of a front desk that listens on a network: kept as an argon2id hash, in a file that its owner alone can read."""

from __future__ import annotations

import stat
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from handouts.files import write_whole
from handouts.problems import Problem, in_file

LEAST = 12  # characters: NIST SP 800-63B asks for 8 beside a second factor, and 15 alone; ours is behind a limit of tries
MOST = 256  # more would only make the machine work
HASHER = PasswordHasher()  # argon2id with the second choice of RFC 9106: 64 MiB, three passes
COMMAND = "Run: python3 build.py desk password"


def password_fault(password: str) -> str:
    """Return what is wrong with a new password, or nothing."""
    if not LEAST <= len(password) <= MOST:
        return f"must have from {LEAST} to {MOST} characters"
    return "" if len(set(password)) > LEAST // 3 else "repeats a few characters"


def keep_password(path: Path, password: str) -> None:
    """Keep a password as a hash. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, HASHER.hash(password).encode() + b"\n", private=True)


def read_password(path: Path) -> tuple[str, list[Problem]]:
    """Return the hash of the password that is kept in a file, and what is wrong with that."""
    try:
        found, text = path.stat(), path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        what = "there is no password yet, and without one anybody in the network could use the desk."
        return "", [in_file("password-missing", str(path), what, COMMAND)]
    except (OSError, ValueError) as error:
        return "", [in_file("password-unreadable", str(path), f"it cannot be read ({error}).", COMMAND)]
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        what = "other users of this machine can read it."
        return "", [in_file("password-open", str(path), what, f"Run: chmod 600 {path}")]
    try:
        HASHER.check_needs_rehash(text)
    except InvalidHashError:
        return "", [in_file("password-invalid", str(path), "it is not the hash of a password.", COMMAND)]
    return text, []


def is_password(kept: str, typed: str) -> bool:
    """Whether what was typed is the password that is kept."""
    try:
        return len(typed) <= MOST and HASHER.verify(kept, typed)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False
