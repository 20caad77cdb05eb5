"""A batch over a real server, killed again and again: `python3 -m tests.benchmarks.mail_kill [PEOPLE] [KILLS]`.

1,000 people in four locales get the first handout by SMTP with STARTTLS and a token (XOAUTH2) of a loopback Microsoft,
which is renewed for every connection, at the fastest pace
that settings allow (600 a minute) made faster for the measurement; the process is killed with -9 twenty times
at random moments. Printed: sent, twice (must be 0), unknown, seconds, and the memory of the sender over time.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import Project, copied
from tests.sending import identity
from tests.sending.identity import Identity
from tests.smtp_server import USER, SmtpServer, running

LOCALES = ("en", "ar", "hi", "zh-Hant")
SETTINGS = '[from]\naddress = "handouts@clinic.example"\nname = "Example Clinic"\n[smtp]\nhost = "localhost"\nport = {port}\nsecurity = "starttls"\nuser = "{user}"\nauth = "microsoft"\n[microsoft]\nclient-id = "11111"\ntenant = "clinic.example"\n[sending]\nper-minute = 600\npause-after = 50\nretry-after = [1]\n'
FAST = f"from handouts.sending import run\nrun.MINUTE = 0.6\n{identity.ELSEWHERE}"


def memory(process: int) -> int:
    """Return the kilobytes that a process holds, 0 where it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)


def send(project: Project, server: SmtpServer, provider: Identity, people: int) -> subprocess.Popen[bytes]:
    """Begin to send a batch to so many people, in a process of its own."""
    settings = SETTINGS.format(port=server.port, user=USER)
    (project.root / "mail.toml").write_text(settings, encoding="utf-8")
    rows = [f"p{n}@one.example,{LOCALES[n % 4]},,about-ipt" for n in range(people)]
    text = "address,locale,name,handouts\n" + "\n".join(rows)
    (project.root / "people.csv").write_text(text, encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        FAST,
        provider.url,
        "mail",
        "send",
        "--to-file",
        "people.csv",
        "--region",
        "au",
    ]
    command += ["--settings", "mail.toml", "--include-drafts", "--send"]
    secrets = identity.signed_in(provider, project.root, server.authority)
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        command, cwd=project.root, env={**os.environ, **secrets}, stdout=quiet, stderr=quiet
    )


def send_and_kill(
    project: Project, server: SmtpServer, provider: Identity, people: int, kills: int
) -> list[int]:
    """Send a batch, killed so many times at random moments, then to its end; return the memory of the sender over time."""
    chance = random.Random(people)
    held: list[int] = []
    for turn in range(kills + 1):
        until = len(server.got) + chance.randrange(1, max(2, 2 * people // kills))
        with send(project, server, provider, people) as process:
            while process.poll() is None and (turn == kills or len(server.got) < until):
                held.append(memory(process.pid))
                time.sleep(0.02)
            if turn < kills:
                time.sleep(chance.random() * 0.05)
                process.send_signal(signal.SIGKILL)
    return held


def main(people: int = 1000, kills: int = 20) -> None:
    """Run the batch, kill it, and print how it went."""
    with (
        tempfile.TemporaryDirectory() as name,
        running(Path(name) / "server") as server,
        pytest.MonkeyPatch.context() as patch,
        identity.running(patch) as provider,
    ):
        project = copied(Path(name) / "project")
        start = time.perf_counter()
        held = send_and_kill(project, server, provider, people, kills)
        seconds = time.perf_counter() - start
        listed = json.loads(project.run("mail", "outbox", "--json").out)
        taken = Counter(row["to"][0] for row in server.got)
    print(
        f"{people} people, {len(LOCALES)} locales, {kills} hard kills, {provider.renewals} tokens: {seconds:.0f} s"
    )
    print(f"taken by the server {sum(taken.values())}, twice {sum(n > 1 for n in taken.values())}")
    unheard = people - len({entry["address"] for entry in listed})
    print(f"ledger: {dict(Counter(entry['fate'] for entry in listed))}; people without any word {unheard}")
    full = [kb for kb in held if kb > max(held) * 0.7]
    print(f"memory while sending: {min(full) / 1000:.0f} to {max(full) / 1000:.0f} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
