"""Sending: by a real server with TLS and a password, to one person at a time, and never twice."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest

from handouts.problems import SourceError
from handouts.sending.ledger import held, key_of, opened
from handouts.sending.outbox import errands
from handouts.sending.outbox import send as outbox_send
from handouts.sending.people import Person
from handouts.sending.servers import Answer
from handouts.sending.settings import Settings
from handouts.sources.load import Sources
from tests.conftest import ROOT, Project, Ran
from tests.smtp_server import PASSWORD, USER

SETTINGS = """
[from]
address = "handouts@clinic.example"
name = "Example Clinic"
[smtp]
host = "localhost"
port = {port}
security = "starttls"
user = "{user}"
[sending]
per-minute = 600
pause-after = {pause}
retry-after = {retries}
"""


@dataclass(frozen=True)
class Server:
    """A running server, and what it has taken."""

    folder: Path

    @property
    def got(self) -> list[dict[str, object]]:
        """Return the messages that it has taken."""
        file = self.folder / "got.jsonl"
        return (
            [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
            if file.exists()
            else []
        )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Run the server for one test."""
    folder = tmp_path / "server"
    folder.mkdir()
    command = [sys.executable, "-W", "ignore", "-m", "tests.smtp_server", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(200):
                if (folder / "port").exists():
                    break
                time.sleep(0.05)
            yield Server(folder)
        finally:
            process.kill()


def batch(
    project: Project, server: Server, rows: list[str], *, pause: int = 50, retries: str = "[1, 1]"
) -> list[str]:
    """Write the files of a batch; return the command that would send it."""
    port = (server.folder / "port").read_text(encoding="utf-8")
    settings = SETTINGS.format(port=port, user=USER, pause=pause, retries=retries)
    (project.root / "mail.toml").write_text(settings, encoding="utf-8")
    (project.root / "people.csv").write_text(
        "address,locale,name,handouts\n" + "\n".join(rows), encoding="utf-8"
    )
    return ["mail", "send", "--to-file", "people.csv", "--settings", "mail.toml", "--include-drafts"]


def secrets(server: Server) -> dict[str, str]:
    """Return the environment that knows the password and trusts the server's authority."""
    return {"HANDOUTS_SMTP_PASSWORD": PASSWORD, "SSL_CERT_FILE": str(server.folder / "ca.pem")}


def send(project: Project, server: Server, rows: list[str], *more: str, **options: object) -> Ran:
    """Send a batch."""
    command = batch(project, server, rows, **options)  # type: ignore[arg-type]
    return project.run(*command, "--send", *more, **secrets(server))


ROWS = [
    "ann@one.example,en,Ann Roe,about-ipt",
    "leila@one.example,ar,ليلى,about-ipt",
    "li@one.example,zh-HK,,about-ipt references",
]


def test_each_person_gets_their_own_message_once(project: Project, server: Server) -> None:
    """One message, one recipient, in their language; a second run sends nothing; the ledger is for its owner's eyes."""
    ran = send(project, server, ROWS)
    assert ran.code == 0, ran.err
    assert "4 sent" in ran.out
    assert [row["to"] for row in server.got] == [
        [row.split(",")[0]] for row in (ROWS[0], ROWS[1], ROWS[2], ROWS[2])
    ]
    assert all(row["tls"] for row in server.got)
    assert [row["language"] for row in server.got] == ["en", "ar", "zh-Hant", "zh-Hant"]
    assert len({row["message_id"] for row in server.got}) == 4
    for row in server.got:
        assert sorted(row["headers"]) == sorted(set(row["headers"]))  # type: ignore[call-overload]
        assert not {"Bcc", "Cc", "X-Unsent"} & set(row["headers"])  # type: ignore[call-overload]
    again = send(project, server, ROWS)
    assert "4 sent before" in again.out
    assert len(server.got) == 4
    ledger = project.root / "outbox/ledger.sqlite3"
    assert stat.S_IMODE(ledger.stat().st_mode) == 0o600


def test_a_dry_run_shows_who_would_get_what_and_sends_nothing(project: Project, server: Server) -> None:
    """Without --send nothing is opened and nothing goes; the fallback of a locale is shown."""
    ran = project.run(*batch(project, server, ROWS))
    assert ran.code == 0, ran.err
    assert "zh-HK\tzh-Hant\treferences" in ran.out
    assert "4 of 4 messages would be sent" in ran.out
    assert server.got == []


def test_what_the_server_says_decides(project: Project, server: Server) -> None:
    """4xx comes again and gets there; 5xx is not tried twice; a line cut before the text is no doubt, one cut after it is."""
    rows = [f"{mood}@one.example,es,,about-ipt" for mood in ("later", "never", "cut", "gone", "odd")]
    ran = send(project, server, rows)
    assert ran.code == 1
    assert "the server refused it (550 5.1.1)." in ran.err
    assert "people.csv:3: the server refused it" in ran.err
    assert "people.csv:4: no one can tell whether it was sent" in ran.err
    assert "one.example" not in ran.err
    taken = Counter(str(row["to"]) for row in server.got)
    assert taken == {"['later@one.example']": 1, "['cut@one.example']": 1, "['odd@one.example']": 1}
    listed = json.loads(project.run("mail", "outbox", "--json").out)
    assert {e["address"].split("@")[0]: e["fate"] for e in listed} == {
        "later": "sent", "never": "refused", "cut": "unknown", "gone": "put-off", "odd": "sent",
    }  # fmt: skip
    (key,) = (entry["key"] for entry in listed if entry["fate"] == "unknown")
    assert send(project, server, rows).code == 1
    assert Counter(str(row["to"]) for row in server.got) == taken
    assert project.run("mail", "resolve", key, "--sent").code == 0
    assert f"{key}\tunknown" not in project.run("mail", "outbox").out
    assert project.run("mail", "resolve", key, "--again").code == 1  # nobody gets one twice
    assert project.run("mail", "resolve", "0" * 12, "--sent").code == 1


def test_so_many_errors_in_a_row_stop_the_run(project: Project, server: Server) -> None:
    """Something is wrong with the server or the list: what is left is left, and said."""
    rows = [f"never-{n}@one.example,es,,about-ipt" for n in range(5)]
    ran = send(project, server, rows, pause=3)
    assert ran.code == 1
    assert "stopped after 3 errors in a row" in ran.err
    assert "3 refused, 2 left" in ran.out


def test_a_line_that_cannot_be_trusted_is_not_used(project: Project, server: Server) -> None:
    """A certificate of an unknown authority, a wrong password, no password: one clear problem, nothing sent."""
    command = [*batch(project, server, ROWS[:1]), "--send"]
    untrusted = project.run(*command, HANDOUTS_SMTP_PASSWORD=PASSWORD, SSL_CERT_FILE=os.devnull)
    assert "its certificate is not good" in untrusted.err
    wrong = project.run(*command, **{**secrets(server), "HANDOUTS_SMTP_PASSWORD": "wrong horse"})
    assert "does not take the password" in wrong.err
    none = project.run(*command, SSL_CERT_FILE=str(server.folder / "ca.pem"), HANDOUTS_SMTP_PASSWORD="")
    assert "HANDOUTS_SMTP_PASSWORD" in none.err
    assert [ran.code for ran in (untrusted, wrong, none)] == [1, 1, 1]
    for ran in (untrusted, wrong, none):
        assert "horse" not in ran.err + ran.out
    assert server.got == []


def test_what_is_not_approved_is_not_sent_by_itself(project: Project, server: Server) -> None:
    """A draft goes only when someone says so, and then says DRAFT on top."""
    command = [part for part in batch(project, server, ROWS) if part != "--include-drafts"]
    ran = project.run(*command, "--send", **secrets(server))
    assert ran.code == 1
    assert "about-ipt is not approved (draft)" in ran.err
    assert server.got == []


def test_one_bad_row_stops_all(project: Project, server: Server) -> None:
    """Every bad row is told with its line, without the address; none is sent until all are right."""
    rows = [*ROWS, "no address,es,,", "eve@one.example,xx,,", '"eve@one.example\nBcc: all@one.example",es,,']
    ran = send(project, server, rows)
    assert ran.code == 1
    for line in (5, 6, 7):
        assert f"people.csv:{line}" in ran.err
    assert "eve@" not in ran.err
    assert server.got == []


@pytest.mark.parametrize("seed", [1])
def test_a_hard_kill_at_any_moment_sends_nothing_twice(project: Project, server: Server, seed: int) -> None:
    """A kill -9, six times over one batch: what is in doubt is listed, everyone else gets it exactly once."""
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    rows = [f"p{n}@one.example,{('en', 'ar', 'hi', 'es')[n % 4]},,about-ipt" for n in range(40)]
    command = [sys.executable, "build.py", *batch(project, server, rows), "--send"]
    environment = {**os.environ, **secrets(server)}
    assert (
        subprocess.run(
            command[:-1], cwd=project.root, env=environment, check=False, capture_output=True
        ).returncode
        == 0
    )
    for _ in range(6):
        before = len(server.got)
        with subprocess.Popen(command, cwd=project.root, env=environment, stdout=-3, stderr=-3) as process:
            while process.poll() is None and len(server.got) < before + chance.randrange(1, 6):
                time.sleep(0.005)
            time.sleep(chance.random() * 0.1)
            process.send_signal(signal.SIGKILL)
    last = subprocess.run(
        command, cwd=project.root, env=environment, check=False, capture_output=True, text=True
    )
    taken = Counter(str(row["to"]) for row in server.got)
    assert max(taken.values()) == 1
    listed = json.loads(project.run("mail", "outbox", "--json").out)
    unknown = [entry["address"] for entry in listed if entry["fate"] == "unknown"]
    assert len(taken) + len([a for a in unknown if f"['{a}']" not in taken]) == len(rows), last.stderr
    assert len(unknown) <= 6
    assert {entry["fate"] for entry in listed} <= {"sent", "unknown"}


def test_two_runs_at_a_time_do_not_share_a_ledger(project: Project, server: Server) -> None:
    """The second is told to wait."""
    rows = [f"p{n}@one.example,es,,about-ipt" for n in range(40)]
    command = [sys.executable, "build.py", *batch(project, server, rows), "--send"]
    with subprocess.Popen(
        command, cwd=project.root, env={**os.environ, **secrets(server)}, stdout=-3, stderr=-3
    ) as first:
        while not server.got and first.poll() is None:
            time.sleep(0.01)
        second = send(project, server, rows)
        assert second.code == 1
        assert "another run is sending by this ledger" in second.err
        assert first.wait(60) == 0
    assert max(Counter(str(row["to"]) for row in server.got).values()) == 1


class Slow:
    """A way that takes everything, and notes when."""

    name = "smtp"

    def __init__(self) -> None:
        self.times: list[float] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def hand_over(self, message: bytes, sender: str, address: str) -> Answer:
        """Take a message."""
        self.times.append(time.monotonic())
        return Answer("sent")


def test_no_more_go_in_a_minute_than_the_settings_say(sources: Sources, tmp_path: Path) -> None:
    """At 600 a minute a tenth of a second lies between one message and the next."""
    people = [Person(n, f"p{n}@one.example", "es", "es", "", ("about-ipt",), "standard") for n in range(5)]
    settings = Settings("c@d.example", "Clinic", "", None, None, "", 600, 5, ())
    made = errands(sources, people, "au", "", "smtp")
    way = Slow()
    with held(tmp_path / "l.db") as ledger:
        tally = outbox_send(
            made,
            dict.fromkeys(("es/about-ipt.eml",), b"Subject: x\r\n\r\nx"),
            way,
            ledger,
            settings,
            Path("p.csv"),
            lambda _: None,
        )
    assert str(tally) == "5 sent"
    assert way.times[-1] - way.times[0] >= 0.35


def test_a_file_that_is_no_ledger_is_refused(project: Project, server: Server) -> None:
    """It is not overwritten."""
    (project.root / "x.db").write_text("not a database, but a letter to my aunt, long enough to be one " * 9)
    ran = send(project, server, ROWS, "--ledger", "x.db")
    assert ran.code == 1
    assert "this is no ledger" in ran.err
    assert (project.root / "x.db").read_text().startswith("not a database")


def test_a_ledger_reached_by_two_names_gives_each_message_away_once(tmp_path: Path) -> None:
    """A link is another name, not another ledger; and a file that ends in .lock is one like any other."""
    (tmp_path / "link.db").symlink_to(tmp_path / "mine.lock")
    with held(tmp_path / "mine.lock") as one, opened(tmp_path / "link.db") as other:
        assert one.begin("k", "a@b.example", "what", "smtp", "id") == "id"
        assert other.begin("k", "a@b.example", "what", "smtp", "id") == ""
        with pytest.raises(SourceError, match="another run is sending"), held(tmp_path / "link.db"):
            pass
        one.end("k", "put-off")
        assert other.begin("k", "a@b.example", "what", "smtp", "another") == "id"


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    """It is refused, and not changed by a byte."""
    with sqlite3.connect(tmp_path / "x.db") as other:
        other.execute("CREATE TABLE message (body)")
    before = (tmp_path / "x.db").read_bytes()
    with pytest.raises(SourceError, match="belongs to another program"), opened(tmp_path / "x.db"):
        pass
    assert (tmp_path / "x.db").read_bytes() == before


def test_who_has_got_the_handout_gets_it_in_no_other_dress(project: Project, server: Server) -> None:
    """Another layout, region or clinic is the same handout: forgetting --clinic once sends nothing twice."""
    assert send(project, server, ROWS[:1]).code == 0
    ran = send(project, server, ROWS[:1], "--clinic", "example", "--region", "nz")
    assert "1 sent before" in ran.out
    assert len(server.got) == 1


def test_drafts_of_two_lists_are_not_mixed(project: Project) -> None:
    """A folder with drafts of another list is refused, and they stay; the same list again is fine."""
    for name, rows in (("one", ROWS[:1]), ("two", ["li@one.example,es,,about-ipt"])):
        (project.root / f"{name}.csv").write_text(
            "address,locale,name,handouts\n" + "\n".join(rows), encoding="utf-8"
        )
    command = ["mail", "draft", "--include-drafts", "--to-file"]
    assert project.run(*command, "one.csv").code == 0
    assert project.run(*command, "one.csv").code == 0
    ran = project.run(*command, "two.csv")
    assert ran.code == 1
    assert "there are drafts of another list in it" in ran.err
    assert b"ann@one.example" in (project.root / "drafts/00002-1.eml").read_bytes()


def test_the_ledger_survives_what_sqlite_survives(tmp_path: Path) -> None:
    """Write-ahead log, every step on the disk before the next."""
    with held(tmp_path / "l.db") as ledger:
        ledger.begin("k", "a@b.example", "what", "smtp", "id")
        assert ledger.database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert ledger.database.execute("PRAGMA synchronous").fetchone() == (2,)
        with sqlite3.connect(tmp_path / "l.db") as other:
            assert other.execute("SELECT fate FROM message").fetchall() == [("sending",)]
    with held(tmp_path / "l.db") as ledger:
        assert ledger.entries("unknown")[0].message_id == "id"
    assert key_of("A@b.example", "x", "es", "2026-11", "smtp") == key_of(
        "a@B.example", "x", "es", "2026-11", "smtp"
    )


def test_drafts_are_written_for_everyone_and_say_nothing_outside(project: Project) -> None:
    """A .eml each, readable by its owner alone, named by line; to the person, from no one, with no date."""
    from email import message_from_bytes, policy

    (project.root / "people.csv").write_text(
        "address;locale;name;handouts\n" + "\n".join(row.replace(",", ";") for row in ROWS),
        encoding="utf-8-sig",
    )
    ran = project.run("mail", "draft", "--to-file", "people.csv", "--include-drafts", "--clinic", "example")
    assert ran.code == 0, ran.err
    files = sorted((project.root / "drafts").iterdir())
    assert [file.name for file in files] == ["00002-1.eml", "00003-1.eml", "00004-1.eml", "00004-2.eml"]
    for file, row in zip(files, [*ROWS, ROWS[2]], strict=True):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        assert message["To"].addresses[0].addr_spec == row.split(",")[0]
        assert message["To"].addresses[0].display_name == row.split(",")[2]
        assert message["X-Unsent"] == "1"
        assert not {"From", "Date", "Message-ID", "Bcc"} & set(message.keys())
        for private in ("IPT", "psych", "depress", "Roe", "ليلى"):
            assert private not in str(message["Subject"])
            assert private not in " ".join(part.get_filename() or "" for part in message.walk())
