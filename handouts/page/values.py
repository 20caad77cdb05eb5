"""What is put into a message: numbers, names, addresses, months, moments; each with its direction."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from babel import Locale as BabelLocale
from babel import UnknownLocaleError
from babel.dates import format_date, format_time, get_datetime_format
from babel.lists import format_list
from babel.units import format_unit

from handouts.characters import WITHOUT_FORMATS
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


@dataclass(frozen=True)
class Moment:
    """A day, or a day and a time of day, to be written as people of a region do in the words of the text it is put into."""

    when: date = field(repr=False)
    region: str


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


def person(text: str) -> Value:
    """Return what a person is called, or is told, set in the type of the text around it.

    From right to left where any of its letters runs so, also after a Latin title: programs lose such letters between Latin ones.
    """
    has_rtl = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text)
    return Value(text, "rtl" if has_rtl else "ltr", kind="person")


def moment(when: date, locale: Locale, region: str) -> str:
    """Return a day with its weekday, and its time of day if it has one, by the rules of a locale in a region (CLDR).

    Gregorian, as its months are in all of a page. Where nobody has rules for the locale in that region, they are the locale's own.
    """
    try:
        rules = BabelLocale.parse(f"{locale.babel}_{region.upper()}")
    except (UnknownLocaleError, ValueError):
        rules = BabelLocale.parse(locale.babel)
    words = format_date(when, "full", locale=rules)
    if isinstance(when, datetime):
        joined = str(get_datetime_format("medium", locale=rules))
        words = joined.replace("{1}", words).replace("{0}", format_time(when, "short", locale=rules))
    # A line of our text layer has marks of direction of its own, and one kind of space that no line ends at.
    return locale.written(words.translate(WITHOUT_FORMATS).replace("\u202f", "\u00a0"))


def file_size(size: int, locale: Locale) -> str:
    """Return the size of a file, given in bytes, as the locale writes kilobytes; never none."""
    kilobytes = max(1, round(size / 1000))
    unit = "digital-kilobyte"
    return locale.written(
        format_unit(kilobytes, unit, length="short", locale=locale.babel, numbering_system="latn")
    )


def in_words(given: Value | Month | Moment | str, locale: Locale) -> Value:
    """Return what is put into a text in a locale, a month or a moment in its words."""
    if isinstance(given, Moment):
        return Value(moment(given.when, locale, given.region), locale.direction, kind="person")
    if isinstance(given, Month):
        names = [month_name(each, locale) for each in given.year_months]
        return Value(format_list(names, locale=locale.babel), locale.direction)
    return value(given) if isinstance(given, str) else given


def isolate(value: Value) -> str:
    """Return the value between isolating characters, so that nothing around it changes its order."""
    return f"{LRI if value.direction == 'ltr' else RLI}{value.text}{PDI}"
