"""What an address and a name must be to stand in the head of a message, wherever they were typed.

A line end or an encoded word (`=?…?=`) in either can become a second recipient, so nothing is mended
here and nothing is let through that would need mending.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from handouts.characters import forbidden

DOMAIN_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
HOST = re.compile(rf"(?=.{{1,253}}$){DOMAIN_LABEL}(?:\.{DOMAIN_LABEL})*")
DOMAIN = re.compile(rf"{DOMAIN_LABEL}(?:\.{DOMAIN_LABEL})*\.(?![0-9]+$){DOMAIN_LABEL}")
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LOCAL_PART = re.compile(rf"{ATOM}(?:\.{ATOM})*")
# An address inside of a text, from a letter or digit of any script on, so that none begins in the middle of another.
INSIDE = re.compile(rf"(?<![\w.@-])\w[\w!#$%&'*+/=?^`{{|}}~.-]{{0,63}}@{DOMAIN.pattern}(?![\w@-])")
LONGEST_ADDRESS, LONGEST_LOCAL_PART, LONGEST_NAME = 254, 64, 100
ADDRESS_FIX = "Write one address and nothing else, as in name@clinic.example."
DISPLAY_NAME_FIX = "Write the name alone, as on a letter, on one line."

AddressRule = tuple[Callable[[str], bool], str]
UNSEEN_CHARACTER = "holds a control character, or one that cannot be seen"
ENCODED = "holds “=?”, which mail programs take for a code"

ADDRESS_RULES: tuple[AddressRule, ...] = (
    (lambda text: not text, "is missing"),
    (lambda text: len(text) > LONGEST_ADDRESS, f"is longer than {LONGEST_ADDRESS} characters"),
    (lambda text: not text.isprintable(), UNSEEN_CHARACTER),
    (lambda text: " " in text, "holds a space"),
    (lambda text: bool(set(text) & set(",;<>")), "holds a comma, a semicolon or an angle bracket"),
    (lambda text: "=?" in text, ENCODED),
    (
        lambda text: not text.isascii(),
        "is an international one, with letters outside a to z, which not every mail server takes",
    ),
    (lambda text: text.count("@") != 1, "has no @, or more than one"),
    (lambda text: not _is_local_part(text.split("@")[0]), "has no proper name before the @"),
    (lambda text: not DOMAIN.fullmatch(text.split("@")[1]), "has no proper domain behind the @"),
)
NAME_RULES: tuple[AddressRule, ...] = (
    (lambda text: len(text) > LONGEST_NAME, f"is longer than {LONGEST_NAME} characters"),
    (lambda text: bool(forbidden(text)) or _is_torn(text), UNSEEN_CHARACTER),
    (lambda text: "=?" in text, ENCODED),
    (lambda text: text.lstrip()[:1] in {"=", "+", "@"}, "looks like a formula of a spreadsheet"),
)


def address_fault(text: str) -> str:
    """Return what is wrong with an e-mail address, or nothing.

    The answer follows a subject, as in “the row's address” + “ holds a space”; it never repeats any
    of the text, so that it may stand in a log. Right is: ASCII, at most 254 characters, one @, a
    dot-atom of at most 64 before it, and a domain with a dot behind it.
    """
    return _first(ADDRESS_RULES, text)


def addresses_in(text: str) -> list[str]:
    """Return the addresses that a text holds, whatever stands between them, each once and in small letters.

    None are returned where an @ is not plainly of one: a part of an address may be somebody else's.
    """
    found = INSIDE.findall(text)
    is_plain = len(found) == text.count("@") and not any(map(address_fault, found))
    return list(dict.fromkeys(map(str.lower, found))) if is_plain else []


def name_fault(text: str) -> str:
    """Return what is wrong with the name of a person or a clinic, or nothing; an empty one is right.

    The answer follows a subject, as in “the row's name” + “ looks like a formula of a spreadsheet”; it
    never repeats any of the text. Right is: any script, at most 100 characters, none of them a control
    character or an invisible one (the joiners of Persian and Hindi may stand).
    """
    return _first(NAME_RULES, text)


def _first(rules: tuple[AddressRule, ...], text: str) -> str:
    """Return what the first rule says that finds a fault."""
    return next((said for is_wrong, said in rules if is_wrong(text)), "")


def _is_local_part(text: str) -> bool:
    """Whether a text may stand before the @."""
    return len(text) <= LONGEST_LOCAL_PART and bool(LOCAL_PART.fullmatch(text))


def _is_torn(text: str) -> bool:
    """Whether a text holds half a character, which no encoding can write."""
    return any("\ud800" <= character <= "\udfff" for character in text)
