"""The ledger is believed only when it is whole, and a file that is not ours is not touched."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from handouts.problems import SourceError
from handouts.sending.ledger import held, opened
from handouts.sending.ledger_file import APPLICATION_ID, create, was_used
from handouts.sending.ledger_mark import mark_file
from tests.conftest import ROOT, tries

EMAIL = ("a@b.example", "about-ipt es standard 2026-11", "smtp")
NUMBER = 12
# As versions before made a ledger.
OLD = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA journal_mode = WAL;
CREATE TABLE message (
  key TEXT PRIMARY KEY, address TEXT NOT NULL, what TEXT NOT NULL, way TEXT NOT NULL, fate TEXT NOT NULL,
  message_id TEXT NOT NULL, tries INTEGER NOT NULL, at TEXT NOT NULL, said TEXT NOT NULL
);
"""
OLD_ROW = (
    "INSERT INTO message VALUES ('k{0}', 'a@b.example', 'what', 'smtp', 'sent', 'id', 1, '2026-11-01', '250')"
)
# Begins and ends e-mails for ever; prints the key of each when it is sent.
WRITER = """
import itertools, sys
from pathlib import Path
from handouts.sending.ledger import held
with held(Path(sys.argv[1])) as ledger:
    for n in itertools.count():
        ledger.begin(f"k{n}", "a" * (n % 300), "what", "smtp", "id")
        ledger.end(f"k{n}", "sent", "250 " * (n % 90))
        print(f"k{n}", flush=True)
"""


@cache
def made(number: int) -> tuple[bytes, bytes]:
    """Return a ledger in which so many e-mails are sent, and its mark, as bytes: each step waits for the disk."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "l.db"
        with held(path) as ledger:
            for n in range(number):
                ledger.begin(f"k{n}", *EMAIL, "id")
                ledger.end(f"k{n}", "sent", "250 OK")
        return path.read_bytes(), mark_file(path).read_bytes()


def a_ledger(path: Path, number: int = NUMBER) -> None:
    """Put a ledger at a path in which e-mails are sent."""
    ledger, mark = made(number)
    path.write_bytes(ledger)
    mark_file(path).write_bytes(mark)


def code_of(path: Path) -> str:
    """Return the code of the problem with which a ledger is refused, nothing where it is taken."""
    try:
        with held(path) as ledger:
            assert all(entry.fate == "sent" for entry in ledger.entries())
    except SourceError as error:
        (problem,) = error.problems
        assert problem.fix
        return problem.code
    return ""


def sql(*statements: str) -> Callable[[Path], object]:
    """Return what changes a ledger by SQL, as who knows no better may do."""

    def change(path: Path) -> None:
        with sqlite3.connect(path) as database:
            for statement in statements:
                database.execute(statement)
        database.close()

    return change


LOST: dict[str, tuple[Callable[[Path], object], str]] = {
    "emptied to nothing": (lambda path: path.write_bytes(b""), "ledger-empty"),
    "removed": (Path.unlink, "ledger-lost"),
    "its table dropped": (sql("DROP TABLE message"), "ledger-incomplete"),
    "its totals dropped": (sql("DROP TABLE ledger"), "ledger-incomplete"),
    "both dropped": (sql("DROP TABLE message", "DROP TABLE ledger"), "ledger-incomplete"),
    "its rows deleted": (sql("DELETE FROM message"), "ledger-incomplete"),
    "a row deleted": (sql("DELETE FROM message WHERE key = 'k7'"), "ledger-incomplete"),
    "a row changed": (sql("UPDATE message SET fate = 'put-off' WHERE key = 'k7'"), "ledger-incomplete"),
    "a row added": (
        sql("INSERT INTO message SELECT 'x', 'x', '', '', '', '', 1, '', ''"),
        "ledger-incomplete",
    ),
    "its totals deleted": (sql("DELETE FROM ledger"), "ledger-incomplete"),
    "its totals changed": (sql("UPDATE ledger SET seal = 'none'"), "ledger-incomplete"),
    "cut to its first page": (lambda path: path.write_bytes(path.read_bytes()[:4096]), "ledger-damaged"),
    "cut in the middle": (lambda path: path.write_bytes(path.read_bytes()[:-6000]), "ledger-damaged"),
    "cut to its header": (lambda path: path.write_bytes(path.read_bytes()[:100]), "ledger-damaged"),
    "cut in its header": (lambda path: path.write_bytes(path.read_bytes()[:50]), "ledger-damaged"),
    "filled with zeros": (lambda path: path.write_bytes(bytes(path.stat().st_size)), "ledger-damaged"),
}


@pytest.mark.parametrize("kind", LOST)
def test_a_ledger_that_has_lost_its_past_is_refused(tmp_path: Path, kind: str) -> None:
    """Nothing is sent, the file stays as it is, and the fix says how to go on: with a copy, or knowingly without."""
    path, (change, expected) = tmp_path / "l.db", LOST[kind]
    a_ledger(path)
    assert code_of(path) == ""
    change(path)
    left = path.read_bytes() if path.exists() else None
    for use in (held, opened):
        with pytest.raises(SourceError) as raised, use(path):
            pass
        (problem,) = raised.value.problems
        assert problem.code == expected
        assert "Put back the newest copy" in problem.fix
        assert "--new-ledger" in problem.fix
        assert "everyone may get again" in problem.fix
    assert (path.read_bytes() if path.exists() else None) == left
    with held(path, new=True) as ledger:
        assert ledger.entries() == []


def test_a_file_of_nothing_is_never_a_fresh_ledger(tmp_path: Path) -> None:
    """Also where there is nothing beside it: a new one is made with all it needs, in one step."""
    (tmp_path / "l.db").touch()
    assert code_of(tmp_path / "l.db") == "ledger-empty"
    create(tmp_path / "new.db")
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []
    assert stat.S_IMODE((tmp_path / "new.db").stat().st_mode) == 0o600
    assert code_of(tmp_path / "new.db") == ""
    before = (tmp_path / "new.db").read_bytes()
    create(tmp_path / "new.db")  # by another run, a moment later
    assert (tmp_path / "new.db").read_bytes() == before


def test_an_older_copy_is_known_by_what_lies_beside_it(tmp_path: Path) -> None:
    """It is as whole as the newest; taken knowingly, it is the newest from then on."""
    path, copy = tmp_path / "l.db", tmp_path / "backup"
    a_ledger(path, 3)
    shutil.copy(path, copy)
    with held(path) as ledger:
        ledger.begin("one more", *EMAIL, "id")
        ledger.end("one more", "sent")
    shutil.copy(copy, path)
    with (
        pytest.raises(SourceError, match=r"changed 2 times more until 20.*4 e-mails; now it has 3") as raised,
        held(path),
    ):
        pass
    assert raised.value.problems[0].code == "ledger-older"
    assert "--this-ledger" in raised.value.problems[0].fix
    with held(path, whichever=True):
        pass
    assert code_of(path) == ""


def test_another_ledger_in_the_place_of_one_is_told(tmp_path: Path) -> None:
    """Its past is another's."""
    a_ledger(tmp_path / "l.db")
    with held(tmp_path / "other.db") as ledger:
        ledger.begin("k", *EMAIL, "id")
    (tmp_path / "other.db").replace(tmp_path / "l.db")
    assert code_of(tmp_path / "l.db") == "ledger-exchanged"
    with held(tmp_path / "l.db", whichever=True) as ledger:
        assert len(ledger.entries()) == 1


def test_a_copy_of_the_one_file_is_a_ledger(tmp_path: Path) -> None:
    """On another machine, without what lay beside it, it knows everything."""
    a_ledger(tmp_path / "l.db")
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(tmp_path / "l.db", tmp_path / "elsewhere/l.db")
    with opened(tmp_path / "elsewhere/l.db") as ledger:
        assert len(ledger.entries("sent")) == NUMBER


def test_a_copy_taken_at_any_moment_is_safe_or_refused(tmp_path: Path) -> None:
    """While e-mails are sent, a hundred times: it knows all that was sent before the copy was begun, or it is refused."""
    path, taken = tmp_path / "l.db", 0
    chance = random.Random(7)
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            os.set_blocking(process.stdout.fileno(), False)
            said = b""
            while b"k20\n" not in said:
                said += process.stdout.read() or b""
                time.sleep(0.01)
            for n in range(100):
                time.sleep(chance.random() * 0.01)
                said += process.stdout.read() or b""
                sent = said[: said.rindex(b"\n")].decode().split()
                copy = tmp_path / f"copy{n}.db"
                copy.write_bytes(path.read_bytes())
                try:
                    with opened(copy) as ledger:
                        assert set(sent) <= {entry.key for entry in ledger.entries("sent")}
                    taken += 1
                except SourceError:
                    pass
        finally:
            process.kill()
    assert taken > 5
    shutil.copy(path, tmp_path / "after.db")
    with opened(path) as ledger:
        assert len(ledger.entries()) >= len(sent)


def test_what_was_sent_is_known_after_a_kill_without_what_lies_beside(tmp_path: Path) -> None:
    """The one file holds every step that had an end; what undoes a half step may be needed, and its loss is noticed."""
    for n in range(4):
        path = tmp_path / f"{n}.db"
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, path], cwd=ROOT, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout
            sent = [process.stdout.readline() for _ in range(5 + n)]
            process.kill()
        for end in ("-journal", "-wal", "-shm"):
            Path(f"{path}{end}").unlink(missing_ok=True)
        try:
            with opened(path) as ledger:
                assert {line.decode().strip() for line in sent} <= {
                    entry.key for entry in ledger.entries("sent")
                }
        except SourceError as error:
            assert error.problems[0].code in {"ledger-incomplete", "ledger-damaged", "ledger-older"}  # noqa: PT017 - either is right


@cache
def one_more() -> tuple[bytes, bytes]:
    """Return a ledger, and the same with one e-mail more."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "l.db"
        a_ledger(path)
        with held(path) as ledger:
            ledger.begin("more", *EMAIL, "id")
            ledger.end("more", "sent", "250")
        return made(NUMBER)[0], path.read_bytes()


def test_a_text_that_became_bytes_is_not_believed(tmp_path: Path) -> None:
    """One changed bit of a row's header makes a blob of a text: the ledger is refused, in words."""
    path = tmp_path / "l.db"
    path.write_bytes(one_more()[1])
    database = sqlite3.connect(path)
    database.execute("UPDATE message SET said = CAST(said AS BLOB) WHERE key = 'more'")
    database.commit()
    database.close()
    with pytest.raises(SourceError, match="the ledger is not whole"), opened(path):
        pass


@settings(max_examples=tries(300))
@given(st.data())
def test_a_ledger_with_other_bytes_is_refused_or_says_the_same(data: st.DataObject) -> None:
    """Whatever bytes of it are changed, lost or taken from an earlier copy: no e-mail is forgotten in silence."""
    earlier, later = one_more()
    whole, at = bytearray(later), data.draw(st.integers(100, len(later) - 1))
    page = slice(at // 4096 * 4096, (at // 4096 + 1) * 4096)
    match data.draw(st.sampled_from(["byte", "cut", "page of before", "zeros"])):
        case "byte":
            whole[at] ^= data.draw(st.integers(1, 255))
        case "cut":
            del whole[at:]
        case "page of before":
            whole[page] = earlier[page]
        case "zeros":
            whole[at : at + 64] = bytes(len(whole[at : at + 64]))
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "l.db"
        path.write_bytes(whole)
        try:
            with opened(path) as ledger:
                assert {e.key for e in ledger.entries("sent")} == {"more", *(f"k{n}" for n in range(NUMBER))}
        except SourceError as error:
            event(error.problems[0].code)


def test_a_ledger_of_an_earlier_version_is_taken_over(tmp_path: Path) -> None:
    """With all it knows, also what is only in the log beside it; afterwards nothing is beside it any more."""
    path = tmp_path / "l.db"
    old = sqlite3.connect(path)
    old.executescript(OLD)
    for n in range(3):
        old.execute(OLD_ROW.format(n))
        old.commit()
    for name in ("copy.db", "bare.db"):
        shutil.copy(path, tmp_path / name)
    shutil.copy(f"{path}-wal", tmp_path / "copy.db-wal")
    old.close()
    for name in ("l.db", "copy.db"):
        with opened(tmp_path / name) as ledger:
            assert len(ledger.entries("sent")) == 3
        assert not list(tmp_path.glob(f"{name}-*"))
        sql("DROP TABLE ledger")(tmp_path / name)
        assert code_of(tmp_path / name) == "ledger-incomplete"
    assert code_of(tmp_path / "bare.db") == "ledger-incomplete"  # copied without its log


def test_an_emptied_ledger_of_an_earlier_version_is_refused(tmp_path: Path) -> None:
    """One that never had an e-mail looks the same; to begin anew is right for both."""
    with sqlite3.connect(tmp_path / "l.db") as old:
        old.executescript(OLD)
    old.close()
    assert code_of(tmp_path / "l.db") == "ledger-incomplete"


def plant(kind: str, path: Path) -> None:
    """Put something that is no ledger of ours at a path."""
    match kind:
        case "list":
            path.write_text("address,locale\na@b.example,es\n" * 20, encoding="utf-8")
        case "short text":
            path.write_text("a,b", encoding="utf-8")
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "socket":
            path.symlink_to("/dev/null")
        case "database":
            sql("CREATE TABLE message (body)")(path)
        case "database with a log":
            database = sqlite3.connect(path)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("CREATE TABLE t (x)")
            database.close()
        case "database of another":
            sql("PRAGMA application_id = 252006674", "CREATE TABLE message (body)")(path)


@pytest.mark.parametrize("new", [False, True])
@pytest.mark.parametrize(
    "kind",
    [
        "list",
        "short text",
        "folder",
        "pipe",
        "socket",
        "database",
        "database with a log",
        "database of another",
    ],
)
def test_what_is_not_ours_is_left_as_it_was(tmp_path: Path, kind: str, new: bool) -> None:  # noqa: FBT001
    """Its bytes, its mode, its time, and the folder it lies in: nothing is made beside it, even for a moment."""
    path = tmp_path / "people.csv"
    plant(kind, path)
    path.chmod(0o755 if kind == "folder" else 0o664) if kind != "socket" else None
    before = (path.stat(), path.read_bytes() if path.is_file() else None)
    os.utime(tmp_path, (1, 1))
    for use in (held(path, new=new), opened(path)):
        with pytest.raises(SourceError) as raised, use:
            pass
        assert [problem.code for problem in raised.value.problems] == ["ledger-foreign"]
    assert tmp_path.stat().st_mtime == 1
    after = (path.stat(), path.read_bytes() if path.is_file() else None)
    assert (after[0].st_mode, after[0].st_mtime_ns, after[1]) == (
        before[0].st_mode,
        before[0].st_mtime_ns,
        before[1],
    )
    assert [each.name for each in tmp_path.iterdir()] == ["people.csv"]


def test_the_ledger_of_another_user_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its mode too."""
    a_ledger(tmp_path / "l.db", 1)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(SourceError, match="belongs to another user") as raised, opened(tmp_path / "l.db"):
        pass
    assert raised.value.problems[0].code == "ledger-foreign"


def test_a_ledger_is_for_its_owner_alone(tmp_path: Path) -> None:
    """It holds addresses; one that others could read is closed to them, once it is known to be ours."""
    a_ledger(tmp_path / "l.db", 1)
    (tmp_path / "l.db").chmod(0o644)
    with opened(tmp_path / "l.db"):
        assert stat.S_IMODE((tmp_path / "l.db").stat().st_mode) == 0o600


@pytest.mark.parametrize("left", ["l.db.mark", "l.db-journal", "l.db-wal", "l.db"])
def test_a_ledger_that_is_gone_leaves_traces(tmp_path: Path, left: str) -> None:
    """What lies beside it, or a link to it, says that there was one."""
    path = tmp_path / "l.db"
    assert not was_used(path)
    (tmp_path / left).symlink_to(tmp_path / "gone") if left == "l.db" else (tmp_path / left).touch()
    assert was_used(path)
    assert code_of(path) == "ledger-lost"
    with held(path, new=True):
        pass
    assert code_of(path) == ""


def test_a_link_that_leads_in_a_circle_is_told(tmp_path: Path) -> None:
    """As what the machine refuses."""
    (tmp_path / "l.db").symlink_to(tmp_path / "l.db")
    assert code_of(tmp_path / "l.db") == "ledger-not-usable"
