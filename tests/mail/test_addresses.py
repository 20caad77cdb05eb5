"""What may stand in the head of an e-mail as an address or a name, and what is said of the rest."""

from __future__ import annotations

import pytest

from handouts.mail.addresses import DOMAIN, HOST, address_fault, addresses_in, name_fault

LOCAL = "a" * 64


@pytest.mark.parametrize(
    "address",
    ["ann@clinic.example", "o'neill+ipt@mail.clinic.example", f"{LOCAL}@x.example", "1@2.example", "a.b@x-y.example"],
)  # fmt: skip
def test_a_plain_address_is_right(address: str) -> None:
    """A dot-atom, an @, a domain with a dot in it."""
    assert address_fault(address) == ""


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("", "is missing"),
        (f"{'a' * 250}@x.example", "is longer than 254 characters"),
        ("a@b.example\r\nBcc: c@d.example", "holds a control character, or one that cannot be seen"),
        ("a\u200b@b.example", "holds a control character, or one that cannot be seen"),
        ("a b@c.example", "holds a space"),
        ("a@b.example,c@d.example", "holds a comma, a semicolon or an angle bracket"),
        ("=?utf-8?q?a?=@b.example", "holds “=?”, which mail programs take for a code"),
        ("ä@b.example", "is an international one"),
        ("a.b.example", "has no @, or more than one"),
        (f"a{LOCAL}@b.example", "has no proper name before the @"),
        (".a@b.example", "has no proper name before the @"),
        ("a@example", "has no proper domain behind the @"),
        ("a@127.0.0.1", "has no proper domain behind the @"),
        ("a@-b.example", "has no proper domain behind the @"),
    ],
)
def test_the_fault_of_an_address_is_named_and_the_address_is_not(address: str, fault: str) -> None:
    """What is said may stand in a log: it repeats nothing of anyone's address."""
    said = address_fault(address)
    assert said.startswith(fault)
    assert not address or address not in said


@pytest.mark.parametrize(
    ("text", "found"),
    [("Ann <A@b.example>, c@d.example", ["a@b.example", "c@d.example"]), ("a@b.example a@b.example", ["a@b.example"]), ("", []),
     ("a@b.example and c@d", []), ("élan@b.example", []), ("a@b.example-c@d.example", []), (f"{LOCAL}a@b.example", [])],
)  # fmt: skip
def test_the_addresses_in_a_text_are_found_whole_or_not_at_all(text: str, found: list[str]) -> None:
    """A part of an address may be somebody else's."""
    assert addresses_in(text) == found


@pytest.mark.parametrize("name", ["", "Ann O’Neill", "ليلى", "می‌نا", "陳大文", "Dr. A. B. (GP)", "x" * 100])
def test_a_name_of_any_script_is_right(name: str) -> None:
    """The joiners of Persian and Hindi may stand in it; an empty one is no fault."""
    assert name_fault(name) == ""


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("x" * 101, "is longer than 100 characters"),
        ("a\nBcc: b@c.example", "holds a control character"),
        ("\u202ecod.exe", "holds a control character, or one that cannot be seen"),
        ("a\ud800b", "holds a control character, or one that cannot be seen"),
        ("=?utf-8?b?eA==?=", "holds “=?”"),
        ("=1+1", "looks like a formula of a spreadsheet"),
        (" @SUM(A1)", "looks like a formula of a spreadsheet"),
    ],
)
def test_the_fault_of_a_name_is_named(name: str, fault: str) -> None:
    """Nothing is mended: a name that would need it is refused."""
    assert name_fault(name).startswith(fault)


def test_a_host_may_be_one_word_and_a_domain_may_not() -> None:
    """A clinic's server may be `mail` in its own network; an address needs a domain that the world knows."""
    assert HOST.fullmatch("mail")
    assert not DOMAIN.fullmatch("mail")
    assert DOMAIN.fullmatch("mail.clinic.example")
    assert not HOST.fullmatch("mail..example")
