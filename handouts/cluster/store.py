"""A store that several machines have in common: a shared folder, or an object store, by fsspec.

    store = Store("s3://bucket/handouts");  store.keep(made);  store.found(job)

An entry is what the cache keeps, under the same key, and is believed as little: what is half written, was changed, or is
another's is not found. Nothing is ever removed from it here: how long a store keeps what is for its owner to say.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from handouts.files import LARGEST_FILE, write_whole
from handouts.library.cache import RENDITIONS, packed, unpacked
from handouts.library.jobs import Job, Made
from handouts.problems import Problem

PROBES, SEEN = "probes", b"seen"  # the folder of what is left for others to see, and what that is
OPTION = "--shared"
# Of an address: the protocol, what may be a name and a password, the host and the folder, a query.
ADDRESS = re.compile(r"(?P<protocol>[^:/]*://)?(?:(?P<who>[^/]*)@)?(?P<place>[^?#]*)(?P<query>.*)", re.DOTALL)
LOCAL = frozenset({"file", "local"})
OPEN_TO_ALL = "Everybody on this machine can read a command line. Put them into the settings of the protocol: docs/operators.md."


@dataclass(frozen=True)
class Store:
    """A store, by its address in the words of fsspec, such as `file:///mnt/handouts`."""

    url: str = field(repr=False)  # whatever shows a store must not show a password

    def found(self, job: Job) -> Made | None:
        """Return the rendition of a job, or None where there is none, or no way to it."""
        kept = self.read(f"{RENDITIONS}/{job.key[:2]}/{job.key}")
        return None if kept is None else unpacked(job, kept)

    def keep(self, made: Made) -> bool:
        """Keep a rendition; return whether it could be. Others see the whole of it, or nothing."""
        key = made.job.key
        return not self.write(f"{RENDITIONS}/{key[:2]}/{key}", packed(made))

    def read(self, name: str) -> bytes | None:
        """Return what lies there under a name, None where that is nothing, cannot be read, or is larger than any rendition."""
        try:
            system, folder = _system(self.url)
            data = bytes(system.cat_file(f"{folder}/{name}", end=LARGEST_FILE + 1))
        except Exception:  # noqa: BLE001 - each protocol has errors of its own; without the store all is made anew
            return None
        return data if len(data) <= LARGEST_FILE else None

    def write(self, name: str, data: bytes) -> str:
        """Put something there; return why it could not be, and nothing where it is there."""
        try:
            system, folder = _system(self.url)
            path = f"{folder}/{name}"
            if _is_local(system):
                write_whole(Path(path), data)
            else:
                system.makedirs(path.rpartition("/")[0], exist_ok=True)
                system.pipe_file(path, data)
        except Exception as error:  # noqa: BLE001 - as above
            return self._said(error)
        return ""

    def remove(self, name: str) -> None:
        """Take something away again, as far as that can be."""
        with suppress(Exception):
            system, folder = _system(self.url)
            system.rm_file(f"{folder}/{name}")

    @property
    def shown(self) -> str:
        """The address as it may be shown: without a name or a password in it."""
        found = self._parts()
        return (found["protocol"] or "") + found["place"]

    def problem(self) -> Problem | None:
        """Return what keeps this machine from using it: no address, one with a password in it, or a package that is not here."""
        from fsspec.registry import known_implementations

        protocol = (self._parts()["protocol"] or "").removesuffix("://")
        place = self._parts()["place"]
        # `file://mnt` would be a folder of wherever each machine happens to be.
        if protocol not in known_implementations or not place or (protocol in LOCAL and place[0] != "/"):
            what = f"“{self.shown}” is not the address of a store."
            return _unusable(what, "Write it as in file:///mnt/handouts or s3://bucket/handouts.")
        if self._has_secrets(protocol):
            return _unusable(f"the address of {self.shown} has a password or a key in it.", OPEN_TO_ALL)
        try:
            _system(self.url)
        except ImportError:
            package = known_implementations[protocol]["class"].partition(".")[0]
            what = f"“{protocol}” needs the Python package “{package}”, which is not here."
            return _unusable(
                what, f"Install it here and on every worker: .venv/bin/python -m pip install {package}"
            )
        except Exception as error:  # noqa: BLE001 - as above
            what = f"the store {self.shown} cannot be opened: {self._said(error)}."
            return _unusable(what, "Look at its address, and at who may use it.")
        return None

    def _parts(self) -> re.Match[str]:
        """Return the parts of the address; whatever was written has them."""
        found = ADDRESS.fullmatch(self.url)
        assert found  # noqa: S101 - none of the parts need be there
        return found

    def _has_secrets(self, protocol: str) -> bool:
        """Whether a password stands before the host, or a query behind the folder: that is where keys are signed in; a file may be called so."""
        found = self._parts()
        return ":" in (found["who"] or "") or (protocol not in LOCAL and "?" in found["query"])

    def _said(self, error: Exception) -> str:
        """Return what an error says, in a line, or what it is; of the address no more than may be shown."""
        strerror = error.strerror if isinstance(error, OSError) else ""
        said = strerror or str(error) or type(error).__name__
        for secret in (self.url, self._parts()["who"], self._parts()["query"]):
            said = said.replace(secret, "…") if secret else said
        return " ".join(said.split()).removesuffix(".")


def _unusable(what: str, fix: str) -> Problem:
    """Return the problem of a store that was named."""
    return Problem("store-unusable", OPTION, what, fix)


@cache
def _system(url: str) -> tuple[Any, str]:
    """Return the file system of an address, and the folder in it. Raises ImportError and whatever the protocol raises."""
    import fsspec

    system, folder = fsspec.core.url_to_fs(url)
    return system, folder.rstrip("/")


def _is_local(system: Any) -> bool:
    """Whether it is a folder of this machine, in which a file is exchanged whole; object stores do that by themselves."""
    protocols = system.protocol if isinstance(system.protocol, tuple) else (system.protocol,)
    return not LOCAL.isdisjoint(protocols)
