"""Locale data: `locale.toml` over Babel; matching and fallback."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import cast

from babel import Locale as BabelLocale
from babel import UnknownLocaleError
from babel.core import get_global
from babel.dates import format_skeleton

from handouts.characters import shown
from handouts.model import DIGITS, DIRECTIONS, SOURCE_LANGUAGE, Direction, Locale
from handouts.problems import Fault, Problem, in_file
from handouts.sources.line_ends import line_ends
from handouts.sources.nodes import Node
from handouts.sources.toml import read_toml

LOCALE_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?(-[a-z0-9]{5,8})*")
REQUIRED = ("autonym", "english_name", "direction", "script", "fonts")
OPTIONAL = ("size", "leading", "closest", "digits", "also", "translators", "line_ends", "era")
SCRIPT = re.compile("[A-Z][a-z]{3}")
FAMILY = re.compile(r"[^\W_][\w .+-]{0,99}")  # it stands in style sheets
NO_SCRIPT = Fault(
    "invalid-script", "this is not the code of a script.", "Write it as in Latn or Arab (ISO 15924)."
)
NO_FAMILY = Fault("invalid-names", "this is not the name of a font.", "Write it as fc-list : family has it.")


def load_locales(root: Path) -> tuple[dict[str, Locale], list[Problem]]:
    """Return every locale below `root/locales`, the source first, then by tag; and what is wrong.

    A locale with a problem is left out: a page that is set in the wrong font or direction is not made.
    """
    folders = [p for p in (root / "locales").iterdir() if p.is_dir()] if (root / "locales").is_dir() else []
    tags = sorted((p.name for p in folders), key=lambda tag: (tag != SOURCE_LANGUAGE, tag))
    locales: dict[str, Locale] = {}
    problems: list[Problem] = []
    if SOURCE_LANGUAGE not in tags:
        what = "the English locale is missing."
        problems.append(in_file("source-locale-missing", "locales", what, "Put locales/en back."))
    for tag in tags:
        locale, found = load_locale(root, tag)
        problems += found
        if locale:
            locales[tag] = locale
    return locales, problems


def load_locale(root: Path, tag: str) -> tuple[Locale | None, list[Problem]]:
    """Return one locale, or None and what is wrong with it."""
    file = f"locales/{tag}/locale.toml"
    document = read_toml(root / file, root)
    parts = document.fields(REQUIRED, OPTIONAL)
    locale = Locale(
        tag=tag,
        babel=babel_name(tag),
        autonym=parts["autonym"].text(),
        english_name=parts["english_name"].text(),
        direction=cast("Direction", parts["direction"].choice(DIRECTIONS, DIRECTIONS[0])),
        script=parts["script"].shaped(SCRIPT, NO_SCRIPT),
        fonts=_fonts(parts["fonts"]),
        size=parts["size"].decimal(0.5, 2.0, Locale.size),
        leading=parts["leading"].decimal(1.0, 3.0, Locale.leading),
        closest=parts["closest"].decimal(1.0, 3.0, Locale.closest),
        digits=_digits(parts["digits"]),
        translators=parts["translators"].texts(),
        also=parts["also"].texts(),
        line_ends=line_ends(parts["line_ends"]),
        era=not parts["era"].is_missing and parts["era"].flag(),
    )
    problems = document.problems
    if not LOCALE_TAG.fullmatch(tag):
        what, fix = f"“{shown(tag)}” is not a BCP 47 tag.", "Name the folder as in zh-Hans or pt-BR."
        problems = [in_file("invalid-tag", file, what, fix), *problems]
    return (None if problems else locale), problems


def _fonts(node: Node) -> tuple[str, ...]:
    """Return the names of font families, of which there is at least one."""
    names = node.items()
    if not names:
        node.problem("invalid-names", "no font is named.", 'Write it as fonts = ["Noto Sans"].')
    return tuple(name.shaped(FAMILY, NO_FAMILY) for name in names)


def _digits(node: Node) -> str:
    """Return the digits from 0 to 9 of one script; those of Europe where none are given, or after a problem."""
    digits = "" if node.is_missing else node.text()
    if digits and not _is_ten_digits(digits):
        what = "“digits” must be the ten digits of one script."
        node.problem("invalid-digits", what, "Write those from 0 to 9, as 0123456789.")
        return DIGITS
    return digits or DIGITS


def _is_ten_digits(text: str) -> bool:
    """Whether a text is 0 to 9 in one script, whose digits stand one after the other in Unicode."""
    values = [unicodedata.decimal(letter, None) for letter in text]
    return values == list(range(10)) and ord(text[-1]) - ord(text[0]) == len(text) - 1


def babel_name(tag: str) -> str:
    """Return the Babel locale nearest to a tag, `en` where Babel knows none."""
    parts = tag.split("-")
    while parts:
        try:
            return str(BabelLocale.parse("_".join(parts)))
        except (UnknownLocaleError, ValueError):
            parts.pop()
    return SOURCE_LANGUAGE


def month_name(month: str, locale: Locale) -> str:
    """Return a month such as `2026-11` in words of the locale, Gregorian, as in “November 2026”, with the era where it asks for it."""
    year, number = map(int, month.split("-"))
    first = date(year, number, 1)
    words = format_skeleton("yMMMM", first, locale=locale.babel)
    if locale.era:  # a bare year would be taken for one of the country's own calendar
        words = words.replace(str(year), format_skeleton("Gy", first, locale=locale.babel))
    return locale.written(words)


def likely(tag: str) -> tuple[str, str]:
    """Return language and script of a tag, the script filled in from likely subtags (`zh-TW`: zh, Hant)."""
    parts = tag.replace("_", "-").split("-")
    language = parts[0].lower()
    script = next((p.title() for p in parts[1:] if re.fullmatch(r"[A-Za-z]{4}", p)), "")
    region = next((p.upper() for p in parts[1:] if re.fullmatch(r"[A-Za-z]{2}|\d{3}", p)), "")
    if not script:
        subtags: Mapping[str, str] = cast("Mapping[str, str]", get_global("likely_subtags"))
        full = subtags.get(f"{language}_{region}") or subtags.get(language) or ""
        script = next((p for p in full.split("_")[1:] if re.fullmatch(r"[A-Z][a-z]{3}", p)), "")
    return language, script


def match_locale(tag: str, available: Iterable[str]) -> str | None:
    """Return the available tag that serves a reader of `tag`, or None.

    Exact, then parent (`es-MX`: `es`), then same language and script (`zh-CN`: `zh-Hans`); never
    across scripts and never another language.
    """
    there = {each.lower(): each for each in available}
    parts = tag.replace("_", "-").split("-")
    wanted = likely(tag)
    for length in range(len(parts), 0, -1):
        candidate = there.get("-".join(parts[:length]).lower())
        if candidate and likely(candidate) == wanted:
            return candidate
    return next((each for each in sorted(there.values()) if wanted[1] and likely(each) == wanted), None)
