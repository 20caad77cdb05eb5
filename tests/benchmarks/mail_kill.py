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
from pathlib import Path

from tests.benchmarks.preview_time import a_project
from tests.smtp_server import PASSWORD, USER

ROOT = Path(__file__).resolve().parent.parent.parent
LOCALES = ("en", "ar", "hi", "zh-Hant")
SETTINGS = '[from]\naddress = "handouts@clinic.example"\nname = "Example Clinic"\n[smtp]\nhost = "localhost"\nport = {port}\nsecurity = "starttls"\nuser = "{user}"\n[sending]\nper-minute = 600\npause-after = 50\nretry-after = [1]\n'
FAST = """
import sys, build
from handouts.sending import outbox
outbox.MINUTE = 0.6
sys.exit(build.run(sys.argv[1:], build.ROOT))
"""


def memory(process: int) -> int:
    """Return the kilobytes that a process holds, 0 where it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)


def got(folder: Path) -> list[str]:
    """Return the addresses of what the server has taken, in order."""
    file = folder / "got.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line)["to"][0] for line in lines]


def main(people: int = 1000, kills: int = 20) -> None:
    """Run the batch, kill it, and print how it went."""
    chance = random.Random(people)  # noqa: S311 - moments, not secrets
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "server"
        folder.mkdir()
        (Path(name) / "project").mkdir()
        project = a_project(Path(name) / "project")
        server = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.smtp_server", str(folder)],
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        )
        while not (folder / "port").exists():
            time.sleep(0.05)
        settings = SETTINGS.format(port=(folder / "port").read_text(encoding="utf-8"), user=USER)
        (project.root / "mail.toml").write_text(settings, encoding="utf-8")
        rows = [f"p{n}@one.example,{LOCALES[n % 4]},,about-ipt" for n in range(people)]
        (project.root / "people.csv").write_text(
            "address,locale,name,handouts\n" + "\n".join(rows), encoding="utf-8"
        )
        command = [
            sys.executable,
            "-c",
            FAST,
            "mail",
            "send",
            "--to-file",
            "people.csv",
            "--settings",
            "mail.toml",
        ]
        command += ["--include-drafts", "--send"]
        environment = {
            **os.environ,
            "HANDOUTS_SMTP_PASSWORD": PASSWORD,
            "SSL_CERT_FILE": str(folder / "ca.pem"),
        }
        held: list[int] = []
        start = time.perf_counter()
        for turn in range(kills + 1):
            before = len(got(folder))
            until = before + chance.randrange(1, max(2, 2 * people // kills))
            with subprocess.Popen(
                command,
                cwd=project.root,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            ) as process:
                while process.poll() is None and (turn == kills or len(got(folder)) < until):
                    held.append(memory(process.pid))
                    time.sleep(0.02)
                if turn < kills:
                    time.sleep(chance.random() * 0.05)
                    process.send_signal(signal.SIGKILL)
        seconds = time.perf_counter() - start
        server.kill()
        server.wait()
        listed = json.loads(project.run("mail", "outbox", "--json").out)
        fates = Counter(entry["fate"] for entry in listed)
        taken = Counter(got(folder))
        print(f"{people} people, {len(LOCALES)} locales, {kills} hard kills: {seconds:.0f} s")
        print(f"taken by the server {sum(taken.values())}, twice {sum(n > 1 for n in taken.values())}")
        print(
            f"ledger: {dict(fates)}; people without any word {people - len({e['address'] for e in listed})}"
        )
        full = [kb for kb in held if kb > max(held) * 0.7]
        print(f"memory while sending: {min(full) / 1000:.0f} to {max(full) / 1000:.0f} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
