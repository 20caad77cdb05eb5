"""A zip is kept as long as its place has what it was made of."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from handouts.library import manifest
from handouts.library.manifest import digest_of, entries_with_files, withdraw
from handouts.library.packs import OLD_PACK, outdated_packs, pack_name
from handouts.library.plan import Choice
from handouts.model import SHOWN_FORMATS, Place
from handouts.problems import Problem
from handouts.site.pack import pack
from handouts.site.publish import publish
from tests.conftest import STOCKED, Stock


def put_pack(stock: Stock) -> None:
    """Make the zip of a library, and put it where `pack` does."""
    made, _ = pack(stock.approval, stock.out, Place("au"), stock.pages(STOCKED))
    assert made is not None
    (stock.out / made.name).write_bytes(made.data)


def test_a_zip_stays_while_its_place_is_as_it_was(stock: Stock) -> None:
    """Also where another place is built into the same folder."""
    put_pack(stock)
    stock.build(Choice(("en",), ("about-ipt",), SHOWN_FORMATS, regions=("nz",)))
    assert publish(stock.approval, stock.out).removed == ()
    assert (stock.out / pack_name("au")).is_file()


def test_a_zip_goes_when_its_place_has_something_else(stock: Stock) -> None:
    """Old numbers must not lie beside new ones; that it went is told, with what to do."""
    put_pack(stock)
    gone = stock.build(Choice(("vi",), ("about-ipt",), ("text",))).removed
    assert [(each.file, each.why) for each in gone if each.file.endswith(".zip")] == [
        (pack_name("au"), OLD_PACK)
    ]
    assert not (stock.out / pack_name("au")).exists()


def test_a_zip_goes_before_the_first_file_of_its_place(stock: Stock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever the process is killed; where it cannot go, the files and what is said of them stay as they were."""
    put_pack(stock)
    zip_, file = stock.out / pack_name("au"), stock.out / "au/hi/about-ipt.txt"
    before = entries_with_files(stock.out)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse_zips(Path.unlink))
        gone, (problem,) = withdraw(stock.out, ["au/hi/about-ipt.txt"])
    assert (gone, problem.code) == ([], "file-not-writable")
    assert (zip_.is_file(), file.is_file(), entries_with_files(stock.out)) == (True, True, before)
    seen: list[bool] = []

    def deliver(*_: object, **__: object) -> list[Problem]:
        seen.append(zip_.exists())
        return []

    monkeypatch.setattr(manifest, "deliver", deliver)
    withdraw(stock.out, ["au/hi/about-ipt.txt"])
    assert seen == [False]


def refuse_zips(unlink: Callable[..., None]) -> Callable[..., None]:
    """Return what removes files but zips, as a folder on a shelf may refuse it."""

    def removed(path: Path, **more: bool) -> None:
        if path.suffix == ".zip":
            raise PermissionError(13, "Permission denied")
        unlink(path, **more)

    return removed


def test_a_copy_of_a_zip_is_known_by_what_is_in_it(stock: Stock) -> None:
    """Windows calls a copy “… (1).zip”; one that nobody can read stops nothing."""
    put_pack(stock)
    data = (stock.out / pack_name("au")).read_bytes()
    (stock.out / "ipt-handouts-au (1).zip").write_bytes(data)
    odd = data.replace(b"README.txt", b"README.t\xff\xff").replace(b"PK\x01\x02", b"PK\x01\x02")
    (stock.out / "ipt-handouts-odd.zip").write_bytes(odd)
    listed = [digest_of(entry) for entry in entries_with_files(stock.out).values()]
    assert outdated_packs(stock.out, listed) == []
    others = [(made, sha256) for made, sha256 in listed if made.locale != "hi"]
    assert {"ipt-handouts-au (1).zip", pack_name("au")} <= set(outdated_packs(stock.out, others))


def test_a_zip_of_someone_elses_is_left_alone(stock: Stock) -> None:
    """One without our mark, and what is no zip, whatever it is called."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("a", "b")
    for name, data in (("ipt-handouts-own.zip", written.getvalue()), ("ipt-handouts-au.zip", b"no zip")):
        (stock.out / name).write_bytes(data)
    assert outdated_packs(stock.out, []) == []
