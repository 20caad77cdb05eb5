"""What is put into a message: numbers, names, addresses, months; each with its direction."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

from babel.lists import format_list
from babel.units import format_unit

from handouts.model import HelpLine, Locale
from handouts.sources.locales import month_name
from handouts.sources.phones import dialled

LRI, RLI, PDI = "\u2066", "\u2067", "\u2069"


@dataclass(frozen=True)
class Value:
    """Something put into a message: a number, a name, an address, with where it leads and how it is written."""

    text: str
    direction: Literal["ltr", "rtl"]
    href: str = ""
    kind: str = "value"


@dataclass(frozen=True)
class Month:
    """One month such as `2026-11`, or several, to be written in the words of the text they are put into."""

    year_months: tuple[str, ...]


def value(text: str, kind: str = "value", href: str = "") -> Value:
    """Return typed text with the direction of its first letter; without a letter it runs left to right."""
    strong = next((b for b in map(unicodedata.bidirectional, text) if b in {"L", "R", "AL"}), "L")
    return Value(text, "ltr" if strong == "L" else "rtl", href, kind)


def phone(number: str) -> Value:
    """Return a phone number that can be dialled from the page."""
    return Value(number, "ltr", f"tel:{dialled(number)}", "phone")


def sms(number: str) -> Value:
    """Return a number to send a text message to."""
    return Value(number, "ltr", f"sms:{number.replace(' ', '')}", "phone")


def counter(name: str) -> Value:
    """Return the number of the page, or of all pages, which only the page itself knows."""
    return Value(name, "ltr", kind="counter")


def web(url: str) -> Value:
    """Return a web address as people read it, without the scheme, linked to the whole."""
    return Value(url.removeprefix("https://").removeprefix("www.").rstrip("/"), "ltr", url, "web")


def way_to(typed: str) -> Value:
    """Return a phone number or a web address, whichever it is."""
    return phone(typed) if dialled(typed) else web(typed)


def dial(line: HelpLine) -> list[tuple[str, Value]]:
    """Return the ways to reach a help line: the message to print and the number in it."""
    if line.call and line.call == line.text:
        return [("call-or-text", phone(line.call))]
    ways = [("call", phone(line.call))] if line.call else []
    return [*ways, ("text-message", sms(line.text))] if line.text else ways


def month(*year_months: str) -> Month:
    """Return months to be written in words."""
    return Month(year_months)


def file_size(size: int, locale: Locale) -> str:
    """Return the size of a file, given in bytes, as the locale writes kilobytes; never none."""
    kilobytes = max(1, round(size / 1000))
    unit = "digital-kilobyte"
    return locale.written(
        format_unit(kilobytes, unit, length="short", locale=locale.babel, numbering_system="latn")
    )


def in_words(given: Value | Month | str, locale: Locale) -> Value:
    """Return what is put into a text in a locale, a month in its words."""
    if isinstance(given, Month):
        names = [month_name(each, locale) for each in given.year_months]
        return Value(format_list(names, locale=locale.babel), locale.direction)
    return value(given) if isinstance(given, str) else given


def isolate(value: Value) -> str:
    """Return the value between isolating characters, so that nothing around it changes its order."""
    return f"{LRI if value.direction == 'ltr' else RLI}{value.text}{PDI}"
