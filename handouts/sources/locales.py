"""Locale data: `locale.toml` over Babel; matching and fallback."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

from babel import Locale as BabelLocale
from babel import UnknownLocaleError
from babel.core import get_global
from babel.dates import format_skeleton

from handouts.markup import forbidden
from handouts.model import SOURCE_LANGUAGE, Locale
from handouts.problems import Fault, Problem, did_you_mean, in_file, located
from handouts.sources.toml import read_toml

TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?(-[a-z0-9]{5,8})*")
FIELDS: Mapping[str, type] = {
    "autonym": str,
    "english_name": str,
    "direction": str,
    "script": str,
    "fonts": list,
    "size": float,
    "leading": float,
    "digits": str,
    "translators": list,
}
REQUIRED = ("autonym", "english_name", "direction", "script", "fonts")
KIND_WORDS = {str: "a text", list: "a list", float: "a number"}
EXAMPLES = {str: '{} = "…".', list: '{} = ["…"].', float: "{} = 1.0."}
LIMITS = {"size": (0.5, 2.0), "leading": (1.0, 3.0)}


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
    data, problems = read_toml(root / file, root)
    if not TAG.fullmatch(tag):
        what, fix = f"“{tag}” is not a BCP 47 tag.", "Name the folder as in zh-Hans or pt-BR."
        problems = [in_file("invalid-tag", file, what, fix), *problems]
    if data is not None:
        problems += [located(fault, file) for fault in _faults(data)]
    if problems or data is None:
        return None, problems
    values: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in data.items()}
    return Locale(tag=tag, babel=babel_name(tag), **values), []


def _faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with the keys and values of a locale.toml."""
    for key in data:
        if key not in FIELDS:
            yield Fault("unknown-key", f"the key “{key}” is not known here.", did_you_mean(key, FIELDS))
    for key in REQUIRED:
        if key not in data:
            yield Fault("missing-key", f"the key “{key}” is missing.", f"Add “{key} = …”.")
    for key, value in data.items():
        kind = FIELDS.get(key)
        if kind and not _is_kind(value, kind):
            yield Fault(
                "wrong-kind", f"“{key}” must be {KIND_WORDS[kind]}.", f"Write {EXAMPLES[kind].format(key)}"
            )
        elif kind:
            yield from _value_faults(key, value)


def _is_kind(value: Any, kind: type) -> bool:
    """Whether a value is of a kind; a whole number is a number too, true and false are neither."""
    kinds = (int, float) if kind is float else (kind,)
    return isinstance(value, kinds) and not isinstance(value, bool)


def _value_faults(key: str, value: Any) -> Iterator[Fault]:
    """Yield what is wrong with a value of the right kind."""
    match key:
        case "autonym" | "english_name" | "script":
            if not value.strip() or forbidden(value):
                what = f"“{key}” is empty, or holds an invisible character."
                yield Fault("invalid-name", what, "Write the name alone.")
        case "direction":
            if value not in ("ltr", "rtl"):
                yield Fault("invalid-direction", "“direction” must be ltr or rtl.", "Write one of the two.")
        case "fonts" | "translators":
            yield from _names_faults(key, value)
        case "size" | "leading":
            least, most = LIMITS[key]
            if not least <= value <= most:
                what = f"“{key}” must be a number from {least} to {most}."
                yield Fault("number-out-of-range", what, "Write one in that range.")
        case "digits":
            if not _is_ten_digits(value):
                what = "“digits” must be the ten digits of one script."
                yield Fault("invalid-digits", what, "Write those from 0 to 9, as 0123456789.")


def _is_ten_digits(text: str) -> bool:
    """Whether a text is 0 to 9 in one script, whose digits stand one after the other in Unicode."""
    values = [unicodedata.decimal(letter, None) for letter in text]
    return values == list(range(10)) and ord(text[-1]) - ord(text[0]) == len(text) - 1


def _names_faults(key: str, names: list[Any]) -> Iterator[Fault]:
    """Yield what is wrong with a list of names; there may be no translator, but never no font."""
    whole = all(isinstance(name, str) and name.strip() for name in names)
    if not whole or (key == "fonts" and not names):
        what = f"“{key}” must be a list of names."
        yield Fault("invalid-names", what, f'Write it as {key} = ["Name"].')


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
    """Return a month such as `2026-11` in words of the locale, Gregorian, as in “November 2026”."""
    year, number = map(int, month.split("-"))
    return locale.written(format_skeleton("yMMMM", date(year, number, 1), locale=locale.babel))


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
