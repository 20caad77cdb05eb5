"""A zip is kept as long as its place has what it was made of."""

from __future__ import annotations

import io
import zipfile

from handouts.library.manifest import entries_with_files, withdraw
from handouts.library.plan import Choice
from handouts.model import Place
from handouts.site.gallery import SHOWN_FORMATS
from handouts.site.pack import pack
from handouts.site.packs import outdated_packs, pack_name
from handouts.site.publish import OLD_PACK, publish
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
    withdraw(stock.out, ["au/hi/about-ipt.txt"])
    assert [(r.file, r.why) for r in publish(stock.approval, stock.out).removed] == [
        (pack_name("au"), OLD_PACK)
    ]
    assert not (stock.out / pack_name("au")).exists()


def test_a_copy_of_a_zip_is_known_by_what_is_in_it(stock: Stock) -> None:
    """Windows calls a copy “… (1).zip”; one that nobody can read stops nothing."""
    put_pack(stock)
    data = (stock.out / pack_name("au")).read_bytes()
    (stock.out / "ipt-handouts-au (1).zip").write_bytes(data)
    odd = data.replace(b"README.txt", b"README.t\xff\xff").replace(b"PK\x01\x02", b"PK\x01\x02")
    (stock.out / "ipt-handouts-odd.zip").write_bytes(odd)
    entries = entries_with_files(stock.out)
    assert "ipt-handouts-au (1).zip" not in outdated_packs(stock.out, entries.values())
    withdraw(stock.out, ["au/hi/about-ipt.txt"])
    gone = outdated_packs(stock.out, entries_with_files(stock.out).values())
    assert {"ipt-handouts-au (1).zip", pack_name("au")} <= set(gone)


def test_a_zip_of_someone_elses_is_left_alone(stock: Stock) -> None:
    """One without our mark, and what is no zip, whatever it is called."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("a", "b")
    for name, data in (("ipt-handouts-own.zip", written.getvalue()), ("ipt-handouts-au.zip", b"no zip")):
        (stock.out / name).write_bytes(data)
    assert outdated_packs(stock.out, entries_with_files(stock.out).values()) == []
