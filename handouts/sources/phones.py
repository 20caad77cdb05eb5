"""Phone numbers of clinics as people write them, and what a telephone dials for them."""

from __future__ import annotations

import re

# Groups of digits between spaces, hyphens, dots or brackets; after them, letters of the keys (1-800-TALK, 13HEALTH), and
# then nothing more: in “000 OR 112” the letters are a word.
# Possessive, all of it: no text is tried twice.
BETWEEN = r"[ .\-\u00a0\u2009\u202f\u2010-\u2013]{0,3}+"
FIRST = r"(?:\+[0-9]++|\(\+[0-9]++\)|\+?(?:\([0-9]++\)|[0-9]++))"  # the country's code, or the first group
MORE = rf"(?:{BETWEEN}(?:\([0-9]++\)|[0-9]++))*+"
LETTERS = rf"(?:{BETWEEN}(?:\([A-Z]++\)|[A-Z]{{2,}}+))*+"
TYPED = re.compile(FIRST + MORE + LETTERS)
EXTENSION = re.compile(r"[ ,;]*\(?\b(?:ext(?:ension|n)?\b\.?|x)[ .:]*([0-9]{1,7})\)?$", re.IGNORECASE)
TRUNK = re.compile(r"(?<=[0-9 ])\(0\)")  # dialled inside the country alone
KEYPAD = {
    letter: str(key)
    for key, letters in enumerate(("ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ"), 2)
    for letter in letters
}
LONGEST_TYPED = 60  # characters
# What looks like a number to ring, in the digits of any script, and what looks like one and is a day or a span of years.
RUN = re.compile(r"\+?\d(?:[ .\-/()\u00a0\u202f\u2010-\u2013]{0,2}\d){4,}")
DAY = re.compile(
    r"\b(?:[0-3]?\d[./\-][0-3]?\d[./\-]\d{4}|\d{4}[./\-][0-3]?\d[./\-][0-3]?\d|(?:19|20)\d\d ?[-–] ?(?:19|20)\d\d)\b"
)
FEWEST_DIGITS, MOST_DIGITS = 3, 15  # digits of a number (ITU-T E.164)


def dialled(typed: str) -> str:
    """Return what a `tel:` address dials (RFC 3966), with `;ext=` where there is one; nothing where it is not a phone number.

    `+44 (0)20 7946 0018 ext. 12` is `+442079460018;ext=12`; the letters of 1-800-TALK are those of the keys.
    """
    if len(typed) > LONGEST_TYPED:
        return ""
    extension = EXTENSION.search(typed)
    number = typed[: extension.start()] if extension else typed
    if not TYPED.fullmatch(number):
        return ""
    abroad = number.startswith(("+", "(+"))
    if abroad:
        number = TRUNK.sub("", number)
    keys = "".join(KEYPAD.get(c, c) for c in number if c.isascii() and c.isalnum())
    if not FEWEST_DIGITS <= len(keys) <= MOST_DIGITS:
        return ""
    return f"{'+' * abroad}{keys}{f';ext={extension[1]}' if extension else ''}"


def number_within(text: str) -> str:
    """Return the first part of a text that a reader would take for a phone number of five digits or more, or nothing."""
    found = RUN.search(DAY.sub(lambda day: "x" * len(day[0]), text))
    return found[0] if found else ""
