"""A store that several machines have in common: a shared folder, or an object store, by fsspec.

    store = Store("s3://bucket/handouts");  store.keep(made);  store.found(job)

An entry is what the cache keeps, under the same key, and is believed as little: what is half written, was changed, or is
another's is not found. Nothing is ever removed from it here: how long a store keeps what is for its owner to say.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from handouts.files import write_whole
from handouts.library.cache import RENDITIONS, packed, unpacked
from handouts.library.jobs import Job, Made
from handouts.problems import Problem

PROBES = "probes"  # the folder of what is left for others to see
OPTION = "--shared"


@dataclass(frozen=True)
class Store:
    """A store, by its address in the words of fsspec, such as `file:///mnt/handouts`."""

    url: str

    def found(self, job: Job) -> Made | None:
        """Return the rendition of a job, or None where there is none, or no way to it."""
        kept = self.read(f"{RENDITIONS}/{job.key[:2]}/{job.key}")
        return None if kept is None else unpacked(job, kept)

    def keep(self, made: Made) -> bool:
        """Keep a rendition; return whether it could be. Others see the whole of it, or nothing."""
        key = made.job.key
        return not self.write(f"{RENDITIONS}/{key[:2]}/{key}", packed(made))

    def read(self, name: str) -> bytes | None:
        """Return what lies there under a name, None where that is nothing, or it cannot be read."""
        try:
            system, folder = _system(self.url)
            return bytes(system.cat_file(f"{folder}/{name}"))
        except Exception:  # noqa: BLE001 - each protocol has errors of its own; without the store all is made anew
            return None

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
            return _said(error)
        return ""

    def remove(self, name: str) -> None:
        """Take something away again, as far as that can be."""
        with suppress(Exception):
            system, folder = _system(self.url)
            system.rm_file(f"{folder}/{name}")

    @property
    def shown(self) -> str:
        """The address as it may be shown: without a name or a password in it."""
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))

    def problem(self) -> Problem | None:
        """Return what keeps this machine from using it: the protocol is unknown, or needs a package that is not here."""
        from fsspec.registry import known_implementations

        protocol, rest = self.url.partition("://")[::2]
        if protocol not in known_implementations or not rest:
            what = f"“{self.shown}” is not the address of a store."
            return Problem(
                "store-unusable", OPTION, what, "Write it as in file:///mnt/handouts or s3://bucket/handouts."
            )
        try:
            _system(self.url)
        except ImportError:
            package = known_implementations[protocol]["class"].partition(".")[0]
            what = f"“{protocol}” needs the Python package “{package}”, which is not here."
            fix = f"Install it here and on every worker: .venv/bin/python -m pip install {package}"
            return Problem("store-unusable", OPTION, what, fix)
        except Exception as error:  # noqa: BLE001 - as above
            what = f"the store {self.shown} cannot be opened: {_said(error)}."
            return Problem("store-unusable", OPTION, what, "Look at its address, and at who may use it.")
        return None


@cache
def _system(url: str) -> tuple[Any, str]:
    """Return the file system of an address, and the folder in it. Raises ImportError and whatever the protocol raises."""
    import fsspec

    system, folder = fsspec.core.url_to_fs(url)
    return system, folder.rstrip("/")


def _is_local(system: Any) -> bool:
    """Whether it is a folder of this machine, in which a file is exchanged whole; object stores do that by themselves."""
    protocols = system.protocol if isinstance(system.protocol, tuple) else (system.protocol,)
    return "file" in protocols


def _said(error: Exception) -> str:
    """Return what an error says, in a line, or what it is."""
    strerror = error.strerror if isinstance(error, OSError) else ""
    return " ".join((strerror or str(error) or type(error).__name__).split()).removesuffix(".")
