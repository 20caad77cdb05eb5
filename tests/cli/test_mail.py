"""The commands `mail …`: by a real server with TLS and a password, to one person at a time, and never twice."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import stat
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from handouts.sending.ledger import held, key_of
from handouts.sources.load import Sources
from tests import imap_server
from tests.conftest import SPREAD, Project, Ran, named
from tests.sending import identity, scripted
from tests.smtp_server import PASSWORD, USER, SmtpServer

FROM = """
[from]
address = "handouts@clinic.example"
name = "Example Clinic"
"""
SMTP = f"""{FROM}
[smtp]
host = "localhost"
port = {{port}}
security = "starttls"
user = "{{user}}"
"""
SENDING = """
[sending]
per-minute = 600
retry-after = [1, 1]
"""
SETTINGS = f"{SMTP}{SENDING}"
IMAP = f"""{FROM}
[imap]
host = "localhost"
port = {{port}}
security = "tls"
user = "{{user}}"
drafts = "Entwürfe"
"""
ROWS = [
    "ann@one.example,en,Ann Roe,about-ipt",
    "leila@one.example,ar,ليلى,about-ipt",
    "li@one.example,zh-CN,,about-ipt references",
]
ANN, LEILA = ("ann@one.example", "about-ipt", "en"), ("leila@one.example", "about-ipt", "ar")
LEDGER = "outbox/ledger.sqlite3"


@pytest.fixture
def project(project: Project, built: Path) -> Project:
    """Return a copy with the locales of these people alone; most of their e-mails have been made."""
    project.leave_only("ar", "en", "es", "hi", "zh-Hans")
    return project


def write_list(project: Project, rows: list[str]) -> None:
    """Write the list of people."""
    text = "address,locale,name,handouts\n" + "\n".join(rows)
    (project.root / "people.csv").write_text(text, encoding="utf-8")


def batch(project: Project, server: SmtpServer | None, rows: list[str]) -> list[str]:
    """Write the files of a batch; return the command that would send it."""
    settings = SETTINGS.format(port=server.port if server else 25, user=USER)
    (project.root / "mail.toml").write_text(settings, encoding="utf-8")
    write_list(project, rows)
    return [
        "mail",
        "send",
        "--to-file",
        "people.csv",
        "--settings",
        "mail.toml",
        "--include-drafts",
        "--region",
        "au",
    ]


def send(project: Project, server: SmtpServer, rows: list[str]) -> Ran:
    """Send a batch, with the password and trust in the server's authority."""
    return project.run(
        *batch(project, server, rows),
        "--send",
        HANDOUTS_SMTP_PASSWORD=PASSWORD,
        SSL_CERT_FILE=server.authority,
    )


@contextmanager
def sending(
    project: Project, server: SmtpServer, rows: list[str], provider: identity.Identity | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Send a batch in a process that a test may end, by password, or by a token of a provider."""
    program, secrets = ["build.py"], {"HANDOUTS_SMTP_PASSWORD": PASSWORD, "SSL_CERT_FILE": server.authority}
    arguments = batch(project, server, rows)
    if provider:
        settings = BY_TOKEN.format(port=server.port, user=USER, auth="microsoft")
        (project.root / "mail.toml").write_text(settings, encoding="utf-8")
        program = ["-c", identity.ELSEWHERE, provider.url]
        secrets = identity.signed_in(provider, project.root, server.authority)
    command = [sys.executable, *program, *arguments, "--send"]
    with subprocess.Popen(
        command,
        cwd=project.root,
        env={**os.environ, **secrets},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        yield process


def listed(project: Project) -> list[dict[str, str]]:
    """Return what `mail outbox --json` lists."""
    found: list[dict[str, str]] = json.loads(project.call("mail", "outbox", "--json").out)
    return found


def test_each_person_gets_their_own_email_once(project: Project, server: SmtpServer) -> None:
    """One e-mail, one recipient, in their language; a second run sends nothing."""
    ran = send(project, server, ROWS)
    assert ran.code == 0, ran.err
    assert ran.out == "4 sent\n"
    people = [ROWS[0], ROWS[1], ROWS[2], ROWS[2]]
    assert [row["to"] for row in server.got] == [[row.split(",")[0]] for row in people]
    assert all(row["tls"] for row in server.got)
    assert [row["language"] for row in server.got] == ["en", "ar", "zh-Hans", "zh-Hans"]
    assert len({row["message_id"] for row in server.got}) == 4
    for row in server.got:
        assert sorted(row["headers"]) == sorted(set(row["headers"]))
        assert not {"Bcc", "Cc", "X-Unsent"} & set(row["headers"])
    assert send(project, server, ROWS).out == "4 sent before\n"
    assert len(server.got) == 4


def test_a_dry_run_shows_who_would_get_what_and_sends_nothing(project: Project) -> None:
    """Without --send no server is asked; the locale that serves is shown beside the one asked for."""
    ran = project.call(*batch(project, None, ROWS))
    assert ran.code == 0, ran.err
    assert "zh-CN\tzh-Hans\tau\tnone\treferences" in ran.out
    assert "4 of 4 e-mails would be sent" in ran.out
    assert not (project.root / LEDGER).exists()


def test_a_dry_run_shows_what_was_sent_before(project: Project, sources: Sources) -> None:
    """By day; what was put off would go again."""
    edition = sources.content.drafts["about-ipt"].edition
    with held(project.root / LEDGER) as ledger:
        keys = [key_of(*person, edition, "smtp") for person in (ANN, LEILA)]
        for key in keys:
            ledger.begin(key, "", "", "smtp", "id")
        ledger.end(keys[0], "sent")
        ledger.end(keys[1], "put-off")
    ran = project.call(*batch(project, None, ROWS[:2]))
    assert re.search(r"ann@one.example\t.*\tsent 20\d\d-", ran.out)
    assert re.search(r"leila@one.example\t.*\tput-off 20\d\d-", ran.out)
    assert "1 of 2 e-mails would be sent" in ran.out


def test_a_ledger_that_has_lost_its_past_stops_every_command_until_a_person_decides(project: Project) -> None:
    """Nothing would be sent, shown or resolved; the fix names the option, and what it means."""
    with held(project.root / LEDGER) as ledger:
        ledger.begin("k", "", "", "smtp", "id")
    (project.root / LEDGER).write_bytes(b"")
    command = batch(project, None, ROWS)
    for each in (command, ["mail", "outbox"], ["mail", "resolve", "k", "--sent"]):
        ran = project.call(*each)
        assert ran.code == 1
        assert f"{LEDGER}: the ledger is an empty file: what it knew is lost." in ran.err
        assert "--new-ledger" in ran.err
    assert "4 of 4 e-mails would be sent" in project.call(*command, "--new-ledger").out
    assert (project.root / LEDGER).read_bytes() == b""


def test_what_the_server_refused_or_left_in_doubt_is_for_a_person_to_decide(
    project: Project, server: SmtpServer
) -> None:
    """Told by line without an address; listed with its key; not sent again by itself, and decided by resolve."""
    rows = [f"{mood}@one.example,es,,about-ipt" for mood in ("later", "never", "cut")]
    ran = send(project, server, rows)
    assert ran.code == 1
    assert ran.out == "1 sent, 1 refused, 1 unknown\n"
    assert "people.csv:3: the server refused the e-mail for this person (550 5.1.1)." in ran.err
    assert "people.csv:4: no one can tell whether the e-mail was sent" in ran.err
    assert "one.example" not in ran.err
    taken = [row["to"] for row in server.got]
    assert sorted(taken) == [["cut@one.example"], ["later@one.example"]]
    fates = {entry["address"].split("@")[0]: entry["fate"] for entry in listed(project)}
    assert fates == {"later": "sent", "never": "refused", "cut": "unknown"}
    (key,) = (entry["key"] for entry in listed(project) if entry["fate"] == "unknown")
    assert send(project, server, rows).code == 1
    assert [row["to"] for row in server.got] == taken
    assert f"{key}\tunknown" in project.call("mail", "outbox").out
    assert project.call("mail", "resolve", key, "--sent").code == 0
    assert f"{key}\tunknown" not in project.call("mail", "outbox").out
    assert project.call("mail", "resolve", key, "--again").code == 1  # nobody gets one twice
    assert project.call("mail", "resolve", key, "--bounced").code == 0
    assert "the e-mail came back" in send(project, server, rows).err
    assert project.call("mail", "resolve", key, "--again").code == 0
    assert "1 put-off" in project.call("mail", "outbox").out


def test_what_is_not_approved_is_not_sent_by_itself(project: Project) -> None:
    """A draft goes only when someone says so, and then says DRAFT on top."""
    command = [part for part in batch(project, None, ROWS) if part != "--include-drafts"]
    ran = project.call(*command, "--send")
    assert ran.code == 1
    assert "about-ipt is not approved (draft)" in ran.err


def test_one_bad_row_stops_all(project: Project) -> None:
    """Every bad row is told with its line, without the address; none is sent until all are right."""
    rows = [*ROWS, "no address,es,,", "eve@one.example,xx,,", '"ann@one.example\nBcc: all@one.example",es,,']
    ran = project.call(*batch(project, None, rows), "--send")
    assert ran.code == 1
    for line in (5, 6, 7):
        assert f"people.csv:{line}" in ran.err
    assert "eve@" not in ran.err
    assert not (project.root / LEDGER).exists()


def test_settings_are_needed_for_what_needs_a_server_and_for_nothing_else(project: Project) -> None:
    """Drafts in files need none; what is lacking is told before anything is made."""
    write_list(project, ROWS)
    for command in (["send"], ["draft", "--imap"]):
        ran = project.call("mail", *command, "--to-file", "people.csv", "--include-drafts", "--region", "au")
        assert ran.code == 2
        assert "the settings of the mail server are missing" in ran.err


def test_without_a_password_nothing_is_opened(project: Project) -> None:
    """The variable and the keyring are named."""
    command = batch(project, None, ROWS)
    ran = project.call(
        *command, "--send", HANDOUTS_SMTP_PASSWORD="", PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring"
    )
    assert ran.code == 1
    assert "HANDOUTS_SMTP_PASSWORD" in ran.err
    assert not (project.root / LEDGER).exists()


def test_nothing_is_in_an_outbox_that_was_never_used(project: Project) -> None:
    """Looking makes no ledger; a name that was typed must exist."""
    assert project.call("mail", "outbox").out == "Nothing was sent yet.\n"
    assert project.call("mail", "outbox", "--json").out == "[]\n"
    ran = project.call("mail", "outbox", "--ledger", "lost.db", "--json")
    assert ran.code == 1
    assert [problem["code"] for problem in json.loads(ran.out)["problems"]] == ["file-missing"]
    assert not (project.root / LEDGER).exists()


def test_a_decision_must_be_one(project: Project) -> None:
    """Neither --sent nor --again is wrong usage; an e-mail that does not exist is a problem."""
    assert project.call("mail", "resolve", "0" * 12).code == 2
    assert project.call("mail", "resolve", "0" * 12, "--sent").code == 1


def test_drafts_are_written_for_everyone_and_say_nothing_outside(project: Project) -> None:
    """A .eml each, readable by its owner alone, named by line; to the person, from no one, with no date."""
    text = "address;locale;name;handouts\n" + "\n".join(row.replace(",", ";") for row in ROWS)
    (project.root / "people.csv").write_text(text, encoding="utf-8-sig")
    ran = project.run("mail", "draft", "--to-file", "people.csv", "--include-drafts", "--region", "au")
    assert ran.code == 0, ran.err
    assert ran.out.startswith("4 drafts in ")
    files = sorted((project.root / "drafts").iterdir())
    assert [file.name for file in files] == ["00002-1.eml", "00003-1.eml", "00004-1.eml", "00004-2.eml"]
    for file, row in zip(files, [*ROWS, ROWS[2]], strict=True):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        email = message_from_bytes(file.read_bytes(), policy=policy.default)
        assert email["To"].addresses[0].addr_spec == row.split(",")[0]
        assert email["To"].addresses[0].display_name == row.split(",")[2]
        assert email["X-Unsent"] == "1"
        assert not {"From", "Date", "Message-ID", "Bcc"} & set(email.keys())
        for private in ("IPT", "psych", "depress", "Roe", "ليلى"):
            assert private not in str(email["Subject"])
            assert private not in " ".join(part.get_filename() or "" for part in email.walk())


def test_drafts_go_into_the_mailbox_once(project: Project) -> None:
    """By the table [imap] of the settings, with a password of its own; a second run puts nothing there."""
    if imap_server.lacking():
        pytest.skip(imap_server.lacking())
    write_list(project, ROWS[:2])
    with imap_server.running() as mailbox:
        settings = IMAP.format(port=mailbox.port, user=imap_server.USER)
        (project.root / "mail.toml").write_text(settings, encoding="utf-8")
        command = [
            "mail",
            "draft",
            "--imap",
            "--to-file",
            "people.csv",
            "--settings",
            "mail.toml",
            "--region",
            "au",
        ]
        for expected in ("2 drafts\n", "2 drafts before\n"):
            ran = project.run(
                *command,
                "--include-drafts",
                HANDOUTS_IMAP_PASSWORD=imap_server.PASSWORD,
                SSL_CERT_FILE=str(mailbox.authority),
            )
            assert (ran.code, ran.out) == (0, expected), ran.err


@pytest.mark.untraced
@pytest.mark.long
@pytest.mark.parametrize("seed", [1])
def test_a_hard_kill_at_any_moment_sends_nothing_twice(
    project: Project, server: SmtpServer, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """A kill -9, four times over one batch: what is in doubt is listed, everyone else gets it exactly once.

    By password twice, and then by token, which is renewed for each connection: the ledger does not care how.
    """
    chance = random.Random(seed)
    rows = [f"p{n}@one.example,{SPREAD[n % 4]},,about-ipt" for n in range(30)]
    made = project.run("--format", "eml", "--handout", "about-ipt", *named(SPREAD))
    assert made.code == 0, made.err
    with identity.running(monkeypatch) as provider:
        for turn in range(4):
            by_token, before, renewed = turn > 1, len(server.got), provider.renewals
            with sending(project, server, rows, provider if by_token else None) as process:
                # The server may take a message of the run before after that was killed: this one has begun when it has a token.
                while process.poll() is None and (
                    len(server.got) < before + chance.randrange(1, 6)
                    or (by_token and provider.renewals == renewed)
                ):
                    time.sleep(0.005)
                time.sleep(chance.random() * 0.1)
                process.send_signal(signal.SIGKILL)
            assert len(server.got) > before
            assert (provider.renewals > renewed) is by_token
    last = send(project, server, rows)
    taken = Counter(str(row["to"]) for row in server.got)
    assert max(taken.values()) == 1
    entries = listed(project)
    unknown = [entry["address"] for entry in entries if entry["fate"] == "unknown"]
    assert len(taken) + len([a for a in unknown if f"['{a}']" not in taken]) == len(rows), last.err
    assert len(unknown) <= 4
    assert {entry["fate"] for entry in entries} <= {"sent", "unknown"}


def test_two_runs_at_a_time_do_not_share_a_ledger(project: Project) -> None:
    """The second is told to wait, before it makes or opens anything."""
    command = batch(project, None, ROWS)
    with held(project.root / LEDGER):
        ran = project.call(*command, "--send", HANDOUTS_SMTP_PASSWORD=PASSWORD)
    assert ran.code == 1
    assert "another run is using this ledger to send" in ran.err


BY_TOKEN = f"""{SMTP}
auth = "{{auth}}"
[microsoft]
client-id = "11111111-2222-3333-4444-555555555555"
tenant = "clinic.example"
[google]
client-id = "1-a.apps.googleusercontent.com"
{SENDING}"""


@pytest.mark.parametrize("auth", ["microsoft", "google"])
def test_a_clinic_signs_in_in_a_browser_and_sends(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, auth: str
) -> None:
    """Once; after that every run has a token, from the keyring, and no password is asked for."""
    authority = scripted.trust(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", authority)
    monkeypatch.setenv("HANDOUTS_GOOGLE_CLIENT_SECRET", identity.SECRET)
    monkeypatch.setattr("webbrowser.open", identity.person(authority))
    identity.keyring(monkeypatch, {})
    with identity.running(monkeypatch) as provider:
        relay = scripted.ScriptedSmtp(offers="XOAUTH2", knows=provider.knows)
        with scripted.running(relay):
            command = batch(project, None, ROWS[:2])
            (project.root / "mail.toml").write_text(
                BY_TOKEN.format(port=relay.port, user="handouts@clinic.example", auth=auth), encoding="utf-8"
            )
            assert "nobody has signed in" in project.call(*command, "--send").err
            ran = project.call("mail", "sign-in", "--settings", "mail.toml")
            assert (ran.code, ran.out) == (0, f"handouts@clinic.example\tsigned in to {auth.title()}\n"), (
                ran.err
            )
            assert "renewal" not in ran.err
            assert project.call(*command, "--send").out == "2 sent\n"
            provider.refuses = {"error": "invalid_grant", "error_description": "AADSTS65001: not consented"}
            again = project.call("mail", "sign-in", "--settings", "mail.toml")
    assert [address for address, _ in relay.taken] == ["ann@one.example", "leila@one.example"]
    assert again.code == 1
    assert f"{auth.title()} (handouts@clinic.example): the right to send" in again.err


def test_a_device_code_is_shown_and_settings_without_a_token_need_no_sign_in(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What to type where; and where passwords do, that is told."""
    monkeypatch.setenv("SSL_CERT_FILE", scripted.trust(tmp_path))
    identity.keyring(monkeypatch, {})
    (project.root / "mail.toml").write_text(
        BY_TOKEN.format(port=25, user=USER, auth="microsoft"), encoding="utf-8"
    )
    with identity.running(monkeypatch):
        ran = project.call("mail", "sign-in", "--settings", "mail.toml", "--device")
    assert (ran.code, ran.err) == (0, "Type ABCD.\n")
    (project.root / "mail.toml").write_text(
        BY_TOKEN.format(port=25, user=USER, auth="google"), encoding="utf-8"
    )
    ran = project.call("mail", "sign-in", "--settings", "mail.toml", "--device")
    assert ran.code == 2
    assert "--device: Google gives no right to mail by a code" in ran.err
    (project.root / "mail.toml").write_text(
        BY_TOKEN.format(port=25, user=USER, auth="password"), encoding="utf-8"
    )
    ran = project.call("mail", "sign-in", "--settings", "mail.toml")
    assert ran.code == 1
    assert "nothing in these settings is signed in to with a token" in ran.err
