"""The desk behind nginx, as docs/desk/nginx.conf has it: who signs in there, what is refused, and that nothing typed is kept."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
import trustme

from handouts.desk.password import keep_password
from tests.conftest import ROOT, copied
from tests.desk.browsing import FORM, Answer
from tests.desk.conftest import PASSWORD
from tests.desk.test_routes import HERE, SECRET, kept_of, text_of

pytestmark = [pytest.mark.xdist_group("proxy")]

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
NAME = "handouts.clinic.example"
ORIGIN = f"https://{NAME}"
# The same server, by itself and without root: whatever it may write lies in one folder. All that it can log is logged.
AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{}}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Proxied:
    """A desk behind nginx: the port of that, the folder that it may write to, and what trusts its certificate."""

    port: int
    folder: Path
    context: ssl.SSLContext

    def connected(self) -> ssl.SSLSocket:
        """Return a connection to it, as a browser has that finds its name."""
        line = socket.create_connection(("127.0.0.1", self.port), 30)
        return self.context.wrap_socket(line, server_hostname=NAME)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Return what is answered."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with self.connected() as line:
            browser = http.client.HTTPConnection(NAME)
            browser.sock = line
            browser.request(method, path, body or None, {"Host": NAME, **named})
            with browser.getresponse() as answer:
                heads = {name.lower(): value for name, value in answer.getheaders()}
                return Answer(answer.status, heads, answer.read())


def a_port() -> int:
    """Return a port that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory, shared: Path, small: Path) -> Iterator[Proxied]:
    """Serve a desk behind nginx, by the file that is in the documents, with other ports and a certificate of its own."""
    if NGINX is None:
        pytest.skip("no nginx on this machine; run make setup-servers")
    project = copied(
        tmp_path_factory.mktemp("proxied") / "project", shared / "cache", sources=small, tags=("en", "vi")
    )
    keep_password(project.root / "desk/password", PASSWORD)
    folder, port, behind = tmp_path_factory.mktemp("nginx"), a_port(), a_port()
    authority = trustme.CA()
    authority.issue_cert(NAME).private_key_and_cert_chain_pem.write_to_path(str(folder / "both.pem"))
    context = ssl.create_default_context()
    authority.configure_trust(context)
    site = (ROOT / "docs/desk/nginx.conf").read_text(encoding="utf-8")
    for old, new in {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/handouts/cert.pem": f"{folder}/both.pem",
        "/etc/handouts/key.pem": f"{folder}/both.pem",
        "127.0.0.1:8443;": f"127.0.0.1:{behind};",
    }.items():
        assert old in site
        site = site.replace(old, new)
    (folder / "site.conf").write_text(site, encoding="utf-8")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder), encoding="utf-8")
    desk = [sys.executable, "build.py", "desk", "--region", "au", "--name", NAME, "--behind-proxy"]
    with (
        subprocess.Popen(
            [*desk, "--listen", f"127.0.0.1:{behind}"], cwd=project.root, stdout=subprocess.PIPE, text=True
        ) as served,
        subprocess.Popen(
            [NGINX, "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL
        ) as nginx,
    ):
        try:
            assert served.stdout
            assert served.stdout.readline().strip() == f"{ORIGIN}/"
            wait_for(port)
            yield Proxied(port, folder, context)
        finally:
            nginx.terminate()
            served.send_signal(2)
            assert (nginx.wait(20), served.wait(20)) == (0, 0)


def wait_for(port: int) -> None:
    """Return when a port is listened on."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(port)


@dataclass
class Person:
    """Someone at a computer of the clinic, who signs in through the proxy."""

    proxied: Proxied
    cookie: str = ""

    def get(self, path: str) -> Answer:
        """Return a page."""
        return self.proxied.ask("GET", path, cookie=self.cookie)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """Return what is answered to a form."""
        given = {"content_type": FORM, "origin": ORIGIN, "cookie": self.cookie}
        return self.proxied.ask("POST", path, urlencode(fields).encode(), **{**given, **headers})

    def sign_in(self) -> str:
        """Sign in; return the token of the session's forms."""
        answer = self.post("/sign-in", {"password": PASSWORD})
        assert answer.status == 303
        said = answer.headers["set-cookie"]
        self.cookie = said.partition(";")[0]
        assert {"HttpOnly", "SameSite=strict", "Secure", "Path=/"} <= set(re.split(r";\s*", said))
        return self.get("/").csrf


def test_who_signs_in_through_it_gets_a_copy_of_which_nothing_is_kept(proxied: Proxied) -> None:
    """With a cookie for TLS alone; neither the proxy's logs nor anything that it writes has the name, or any address of a page."""
    person = Person(proxied)
    assert person.get("/").status == 303
    csrf = person.sign_in()
    answer = person.post(f"{HERE}/give", {"csrf": csrf, "way": "save", "name": SECRET})
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    assert SECRET in text_of(answer.body)
    assert kept_of(SECRET, proxied.folder) == []
    assert not (proxied.folder / "access.log").read_bytes()
    assert not [
        path for path in proxied.folder.rglob("*") if path.is_file() and path.parent != proxied.folder
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1"},
        {"host": "evil.example", "x_forwarded_host": NAME},
        {"host": "evil.example", "forwarded": f"host={NAME};proto=https"},
    ],
)
def test_it_answers_to_its_own_name_alone(proxied: Proxied, headers: dict[str, str]) -> None:
    """What a request says of where it was forwarded from counts for nothing."""
    assert proxied.ask("GET", "/sign-in", b"", **headers).status == 400


def test_a_form_of_another_site_is_refused_and_what_is_forwarded_changes_nothing(proxied: Proxied) -> None:
    """Also where its head says that it comes from the proxy, or without TLS."""
    person = Person(proxied)
    csrf = person.sign_in()
    forwarded = {
        "x_forwarded_host": "evil.example",
        "x_forwarded_proto": "http",
        "x_forwarded_for": "127.0.0.1",
    }
    for origin, status in ((ORIGIN, 303), ("https://evil.example", 403), (f"http://{NAME}", 403)):
        answer = person.post("/next", {"csrf": csrf}, **{**forwarded, "origin": origin})
        assert answer.status == status
    assert answer.headers["cache-control"] == "no-store"


def test_a_form_that_is_too_large_is_refused(proxied: Proxied) -> None:
    """Before the desk hears of it."""
    answer = Person(proxied).post("/sign-in", {"password": "x" * 17_000})
    assert answer.status == 413


def test_a_form_that_trickles_in_is_cut(proxied: Proxied) -> None:
    """The desk waits no longer than for one of its own connections, whatever comes meanwhile."""
    head = f"POST /sign-in HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: {FORM}\r\nContent-Length: 500\r\n\r\n"
    began = time.monotonic()
    with proxied.connected() as line:
        line.sendall(head.encode())
        line.settimeout(0.5)
        answer = b""
        while not answer and time.monotonic() - began < 20:
            line.sendall(b"p")
            try:
                answer = line.recv(200)
            except TimeoutError:
                continue
            break
    assert time.monotonic() - began < 15
    assert b" 200 " not in answer
