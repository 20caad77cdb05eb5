"""A desk is on this machine alone at an address that nobody can guess, or on a network with a name, a certificate and a password."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handouts.desk.network import network_of, this_machine
from handouts.desk.password import keep_password

NAMES = ("handouts.clinic.example",)


@pytest.fixture
def password(tmp_path: Path) -> Path:
    """Keep a password; return its file."""
    keep_password(tmp_path / "password", "correct horse battery staple")
    return tmp_path / "password"


def test_on_this_machine_every_desk_has_an_address_of_its_own() -> None:
    """It is as long as a key, and new each time."""
    bases = {this_machine(0).base for _ in range(20)}
    assert len(bases) == 20
    assert all(re.fullmatch(r"/[\w-]{32}", base) for base in bases)
    assert this_machine(0).origins(8000) == ["http://127.0.0.1:8000", "http://localhost:8000"]


@pytest.mark.parametrize(
    ("listen", "names", "behind_proxy", "files", "codes"),
    [
        ("127.0.0.1:8000", NAMES, True, False, []),
        ("[::1]:8000", NAMES, True, False, []),
        ("0.0.0.0:8000", NAMES, True, False, ["listen-not-loopback"]),
        ("127.0.0.1:8000", NAMES, True, True, ["certificate-unused"]),
        ("192.168.1.20:8443", NAMES, False, False, ["certificate-missing"]),
        ("192.168.1.20:8443", NAMES, False, True, ["certificate-unusable"]),
        ("127.0.0.1", NAMES, True, False, ["listen-invalid"]),
        ("127.0.0.1:0", NAMES, True, False, ["listen-invalid"]),
        ("127.0.0.1:99999", NAMES, True, False, ["listen-invalid"]),
        ("999.1.1.1:80", NAMES, True, False, ["listen-invalid"]),
        ("clinic.example:80", NAMES, True, False, ["listen-invalid"]),
        ("127.0.0.1:8000", (), True, False, ["name-missing"]),
        (
            "127.0.0.1:8000",
            ("https://x.example", "x.example:80", "-x", "a..b", "*"),
            True,
            False,
            ["name-invalid"] * 5,
        ),
    ],
)
def test_what_makes_a_network_unsafe_or_impossible_is_told(
    password: Path, listen: str, names: tuple[str, ...], codes: list[str], *, behind_proxy: bool, files: bool
) -> None:
    """All of it, before anything listens."""
    pair = (password, password) if files else (None, None)
    found, problems = network_of(listen, names, pair, password, behind_proxy=behind_proxy)
    assert [problem.code for problem in problems] == codes
    assert found.is_open


def test_without_a_password_there_is_no_network(tmp_path: Path) -> None:
    """And what is to be run is said."""
    _, (problem,) = network_of("127.0.0.1:8000", NAMES, (None, None), tmp_path / "none", behind_proxy=True)
    assert (problem.code, problem.fix) == ("password-missing", "Run: python3 build.py desk password")


def test_browsers_find_it_by_its_names(password: Path) -> None:
    """With the port, unless it is the usual one or that of a proxy."""
    proxied, _ = network_of("127.0.0.1:8000", NAMES, (None, None), password, behind_proxy=True)
    alone, _ = network_of("10.0.0.1:8443", NAMES, (None, None), password, behind_proxy=False)
    assert proxied.origins(8000) == ["https://handouts.clinic.example"]
    assert alone.origins(8443) == ["https://handouts.clinic.example:8443"]
    assert alone.origins(443) == ["https://handouts.clinic.example"]
