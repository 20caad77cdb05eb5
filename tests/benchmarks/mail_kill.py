"""A batch over a real server, killed again and again: `python3 -m tests.benchmarks.mail_kill [PEOPLE] [KILLS]`.

1,000 people in four locales get the first handout by SMTP with STARTTLS and a password, at the fastest pace
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
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import Project, copied
from tests.smtp_server import PASSWORD, USER, SmtpServer, running

LOCALES = ("en", "ar", "hi", "zh-Hant")
SETTINGS = '[from]\naddress = "handouts@clinic.example"\nname = "Example Clinic"\n[smtp]\nhost = "localhost"\nport = {port}\nsecurity = "starttls"\nuser = "{user}"\n[sending]\nper-minute = 600\npause-after = 50\nretry-after = [1]\n'
FAST = """
import sys, build
from handouts.sending import outbox
outbox.MINUTE = 0.6
sys.exit(build.run(sys.argv[1:], build.ROOT))
"""
SEND = [sys.executable, "-c", FAST, "mail", "send", "--to-file", "people.csv", "--settings", "mail.toml"]


def memory(process: int) -> int:
    """Return the kilobytes that a process holds, 0 where it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)


def batch(folder: Path, server: SmtpServer, people: int) -> Project:
    """Return a copy of the project with the files of a batch."""
    project = copied(folder)
    settings = SETTINGS.format(port=server.port, user=USER)
    (folder / "mail.toml").write_text(settings, encoding="utf-8")
    rows = [f"p{n}@one.example,{LOCALES[n % 4]},,about-ipt" for n in range(people)]
    text = "address,locale,name,handouts\n" + "\n".join(rows)
    (folder / "people.csv").write_text(text, encoding="utf-8")
    return project


def send(
    project: Project, server: SmtpServer, environment: Mapping[str, str], until: int | None
) -> list[int]:
    """Send the batch until the server has taken so many, then kill it; None lets it end. Return the memory it held, in kB."""
    held = []
    quiet = subprocess.DEVNULL
    command = [*SEND, "--include-drafts", "--send"]
    with subprocess.Popen(command, cwd=project.root, env=environment, stdout=quiet, stderr=quiet) as process:
        while process.poll() is None and (until is None or len(server.got) < until):
            held.append(memory(process.pid))
            time.sleep(0.02)
        if until is not None:
            time.sleep(random.random() * 0.05)  # noqa: S311 - a moment, no secret
            process.send_signal(signal.SIGKILL)
    return held


def main(people: int = 1000, kills: int = 20) -> None:
    """Run the batch, kill it, and print how it went."""
    random.seed(people)
    with tempfile.TemporaryDirectory() as name, running(Path(name) / "server") as server:
        project = batch(Path(name) / "project", server, people)
        environment = {**os.environ, "HANDOUTS_SMTP_PASSWORD": PASSWORD, "SSL_CERT_FILE": server.authority}
        held: list[int] = []
        start = time.perf_counter()
        for turn in range(kills + 1):
            more = random.randrange(1, max(2, 2 * people // kills))  # noqa: S311 - a number, no secret
            held += send(project, server, environment, len(server.got) + more if turn < kills else None)
        seconds = time.perf_counter() - start
        listed = json.loads(project.run("mail", "outbox", "--json").out)
        taken = Counter(str(row["to"]) for row in server.got)
    without = people - len({entry["address"] for entry in listed})
    full = [kilobytes for kilobytes in held if kilobytes > max(held) * 0.7]
    print(f"{people} people, {len(LOCALES)} locales, {kills} hard kills: {seconds:.0f} s")
    print(f"taken by the server {sum(taken.values())}, twice {sum(n > 1 for n in taken.values())}")
    print(f"ledger: {dict(Counter(e['fate'] for e in listed))}; people without any word {without}")
    print(f"memory while sending: {min(full) / 1000:.0f} to {max(full) / 1000:.0f} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
