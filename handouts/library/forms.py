"""Forms that papers of many clinics are stamped on: kept in memory for the next one, and in the cache for the next run."""

from __future__ import annotations

import hashlib
import json
import os
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from handouts.files import write_whole
from handouts.library.cache import FORMS
from handouts.pdf.exact.boxes import Slot
from handouts.pdf.stamped import Form

IN_MEMORY = 24  # those of a clinic in one locale, about 2 MB


@dataclass(frozen=True)
class Laid:
    """How a page was laid out at last: whether its help lines came early, and the words within which its lines may end."""

    help_early: bool = False
    parting: tuple[str, ...] = ()


@dataclass(frozen=True)
class Blank:
    """A form with how it was laid out and how many pages it has; none where it has parts that were not measured."""

    form: Form | None
    laid: Laid
    pages: int = 0


_latest: OrderedDict[tuple[Path, str], Blank] = OrderedDict()


def blank_of(cache: Path, key: str, make: Callable[[], Blank]) -> Blank:
    """Return the form of a key: one that is kept, or made now and kept. A cache that cannot be written costs time, nothing else."""
    found = _latest.get((cache, key)) or _read(cache, key)
    if found is None:
        found = make()
        with suppress(OSError):
            path = cache / FORMS / key
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, packed(key, found))
    _latest[cache, key] = found
    _latest.move_to_end((cache, key))
    while len(_latest) > IN_MEMORY:
        _latest.popitem(last=False)
    return found


def packed(key: str, blank: Blank) -> bytes:
    """Return a form as it is kept: a line with the digest of the rest, what is known of the form in a line of JSON, its bytes."""
    data = blank.form.data if blank.form else b""
    facts = {
        "key": key,
        "slots": [asdict(slot) for slot in blank.form.slots] if blank.form else None,
        "laid": asdict(blank.laid),
        "pages": blank.pages,
    }
    rest = json.dumps(facts).encode() + b"\n" + data
    return hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest


def unpacked(key: str, kept: bytes) -> Blank | None:
    """Return the form that was kept by a key, or None where it is half a file, was changed, or is another's."""
    digest, _, rest = kept.partition(b"\n")
    if digest != hashlib.sha256(rest).hexdigest().encode():
        return None
    head, _, data = rest.partition(b"\n")
    with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
        facts: Any = json.loads(head)
        if facts["key"] != key:
            return None
        laid = Laid(facts["laid"]["help_early"], tuple(facts["laid"]["parting"]))
        slots = facts["slots"]
        form = None if slots is None else Form(data, tuple(Slot(**slot) for slot in slots))
        return Blank(form, laid, facts["pages"])
    return None


def _read(cache: Path, key: str) -> Blank | None:
    """Return a form that lies in the cache, or None."""
    path = cache / FORMS / key
    try:
        found = unpacked(key, path.read_bytes())
    except OSError:
        return None
    if found:
        with suppress(OSError):
            os.utime(path)  # what was used last goes last
    return found
