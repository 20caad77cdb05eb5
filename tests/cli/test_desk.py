"""The commands `desk`: what it needs to be told, where it is found, the password, and what was given."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable
from pathlib import Path
from socket import create_server, socket
from typing import Any

import pytest
import trustme

from handouts.desk.password import is_password, keep_password, read_password
from handouts.desk.record import Record
from handouts.library.stamp import INPUT_FILES, INPUT_FOLDERS
from handouts.serving import opening, server
from tests.conftest import ROOT, Project
from tests.desk.test_record import ROW

GOOD = "correct horse battery staple"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Stand in for the server; return the applications that it was given."""
    found: list[Any] = []

    def serve(app: Any, listener: Any, on_ready: Callable[[int], None], *_: Any, **__: Any) -> None:
        found.append(app)
        on_ready(listener.getsockname()[1])
        listener.close()

    monkeypatch.setattr(server, "serve", serve)
    return found


def test_it_opens_for_a_region_at_an_address_that_cannot_be_guessed(
    project: Project, served: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is printed at once, and shown in the browser where that is asked for; a record is kept where one is wanted."""
    opened: list[str] = []
    monkeypatch.setattr(opening, "show", lambda page: opened.append(page.read_text(encoding="utf-8")))
    ran = project.call("desk", "--region", "au", "--open", "--record")
    assert ran.code == 0, ran.err
    address = ran.out.splitlines()[0]
    assert address.startswith("http://127.0.0.1:")
    assert len(address.split("/")[3]) == 32
    assert address in opened[0]
    (app,) = served
    assert app.state.desk.record.path == project.root / "desk/given.sqlite3"
    assert app.state.desk.counter.stock().place.region == "au"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "it is not said which clinic or region"),
        (["--region", "au", "--region", "nz"], "one clinic or one region"),
        (["--region", "xx"], "there is no region “xx”"),
        (["--clinic", "nowhere"], "there is no clinic “nowhere”"),
        (["--region", "au", "--name", "x.example"], "--name: it is for a desk on a network."),
        (["--region", "au", "--behind-proxy"], "--behind-proxy: it is for a desk on a network."),
        (["--region", "au", "--listen", "0.0.0.0:8443", "--name", "x.example"], "a desk needs a certificate"),
        (["--region", "au", "--listen", "127.0.0.1:8000", "--behind-proxy"], "there is no password yet"),
        (
            ["--region", "au", "--listen", "127.0.0.1:8000", "--behind-proxy", "--port", "1"],
            "the port stands in --listen",
        ),
    ],
)
def test_what_it_lacks_is_told_before_anything_listens(
    project: Project, served: list[Any], arguments: list[str], told: str
) -> None:
    """With exit 1 and what to do."""
    ran = project.call("desk", *arguments)
    assert (ran.code, served) == (2, [])
    assert told in ran.err


def test_an_option_before_a_subcommand_is_no_option_of_it(project: Project) -> None:
    """It would be ignored, and the password kept somewhere else."""
    ran = project.call("desk", "--password-file", "x", "password")
    assert (ran.code, "Write the options after “password”" in ran.err) == (2, True)


def test_sources_with_an_error_are_told_and_nothing_is_opened(project: Project, served: list[Any]) -> None:
    """As for every command."""
    (project.root / "content/regions/au.yaml").write_text("x: [\n", encoding="utf-8")
    ran = project.call("desk", "--region", "au")
    assert (ran.code, served) == (1, [])
    assert "content/regions/au.yaml" in ran.err


def test_behind_a_proxy_it_has_a_name_and_a_password(project: Project, served: list[Any]) -> None:
    """And no address of its own."""
    keep_password(project.root / "desk/password", GOOD)
    ran = project.call(
        "desk",
        "--region",
        "au",
        "--listen",
        "127.0.0.1:18231",
        "--name",
        "H.Clinic.example",
        "--behind-proxy",
    )
    assert (ran.code, ran.out.splitlines()[0]) == (0, "https://h.clinic.example/"), ran.err
    assert is_password(served[0].state.desk.password(), GOOD)


def command_of(file: str) -> list[str]:
    """Return what a file of docs/desk starts the desk with, after `build.py desk`."""
    text = (ROOT / "docs/desk" / file).read_text(encoding="utf-8")
    if file == "Containerfile":
        entry, arguments = (
            json.loads(line.partition(" ")[2])
            for line in text.splitlines()
            if line.startswith(("ENTRY", "CMD"))
        )
        words: list[str] = [*entry, *arguments]
    else:
        (line,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
        words = line.split()
    assert words[:3] == [words[0], "build.py", "desk"]
    return words[3:]


@pytest.mark.parametrize("file", ["Containerfile", "ipt-handouts-desk.service"])
def test_what_the_documents_start_it_with_is_what_it_takes(
    project: Project, served: list[Any], monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    """With a clinic and a certificate that are there, a container and a service start."""
    ports: list[int] = []

    def listening(_: str, port: int) -> socket:
        ports.append(port)
        return create_server(("127.0.0.1", 0))

    monkeypatch.setattr(server, "listening", listening)
    keep_password(project.root / "desk/password", GOOD)
    issued = trustme.CA().issue_cert("handouts.clinic.example").private_key_and_cert_chain_pem
    issued.write_to_path(str(project.root / "both.pem"))
    own = {"my-clinic": "example"}
    arguments = [
        str(project.root / "both.pem") if each.endswith(".pem") else own.get(each, each)
        for each in command_of(file)
    ]
    ran = project.call("desk", *arguments)
    assert ran.code == 0, ran.err
    assert ports == [8443]
    assert served[0].state.desk.counter.stock().place.clinic == "example"


def test_what_the_container_copies_is_there() -> None:
    """And the program needs nothing else of the project: no folder that it reads is missing."""
    text = (ROOT / "docs/desk/Containerfile").read_text(encoding="utf-8")
    copied = [name for line in re.findall(r"^COPY (.*)$", text, re.MULTILINE) for name in line.split()[:-1]]
    assert {*INPUT_FOLDERS, *INPUT_FILES} <= set(copied)
    assert all((ROOT / name).exists() for name in copied)


def test_a_password_is_asked_for_twice_and_kept_as_a_hash(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A weak one is refused, and the one before stays."""
    typed = [GOOD, "short"]
    monkeypatch.setattr("click.prompt", lambda *_, **__: typed.pop(0))
    file = project.root / "desk/password"
    ran = project.call("desk", "password")
    assert (ran.code, GOOD in ran.out + ran.err) == (0, False)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    ran = project.call("desk", "password")
    assert (ran.code, "from 12 to 256 characters" in ran.err) == (1, True)
    assert is_password(read_password(file)[0], GOOD)


def test_the_record_is_shown_and_can_be_had_as_csv(project: Project, tmp_path: Path) -> None:
    """Where there is one."""
    assert "there is no record" in project.call("desk", "record").err
    file = tmp_path / "given"
    record = Record(file)
    record.open()
    with record.adding([ROW]):
        pass
    assert "large-print" in project.call("desk", "record", "--file", str(file)).out
    assert project.call("desk", "record", "--csv", "--file", str(file)).out.startswith("at,region,clinic,")
