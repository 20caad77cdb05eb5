"""Locale data: `locale.toml` over Babel; matching and fallback."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

from babel import Locale as BabelLocale
from babel import UnknownLocaleError
from babel.core import get_global
from babel.dates import format_skeleton

from handouts.markup import forbidden
from handouts.model import DIGITS, SOURCE_LANGUAGE, Locale
from handouts.problems import Problem, did_you_mean
from handouts.sources.yaml import read_text

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


def load_locales(root: Path, problems: list[Problem]) -> dict[str, Locale]:
    """Return every locale below `root/locales`, the source first, then by tag."""
    folders = [p for p in (root / "locales").iterdir() if p.is_dir()] if (root / "locales").is_dir() else []
    tags = sorted((p.name for p in folders), key=lambda tag: (tag != SOURCE_LANGUAGE, tag))
    if SOURCE_LANGUAGE not in tags:
        problems.append(
            Problem(
                "english-locale-missing", "locales", "the English locale is missing.", "Put locales/en back."
            )
        )
    loaded = ((tag, _load(root, tag, problems)) for tag in tags)
    return {tag: locale for tag, locale in loaded if locale}


def _load(root: Path, tag: str, problems: list[Problem]) -> Locale | None:
    """Return one locale, or None after adding what is wrong with it."""
    file = f"locales/{tag}/locale.toml"
    found: list[Problem] = []
    if not TAG.fullmatch(tag):
        found.append(
            Problem(
                "no-bcp-47-tag",
                f"locales/{tag}",
                f"“{tag}” is no BCP 47 tag.",
                "Name the folder as in zh-Hans or pt-BR.",
            )
        )
    data: dict[str, Any] = {}
    try:
        data = tomllib.loads(read_text(root / file, root, found) or "")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found.append(
            Problem("not-valid-toml", file, f"this is not valid TOML: {error}.", "Mend the line it names.")
        )
    else:
        found += [] if found else _field_problems(file, data)
    problems += found
    if found:
        return None
    return Locale(
        tag=tag,
        babel=babel_name(tag),
        **cast("dict[str, Any]", {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}),
    )


def _field_problems(file: str, data: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with the keys and values of a locale.toml."""
    found = [
        Problem("key-not-known", file, f"the key “{key}” is not known here.", did_you_mean(key, FIELDS))
        for key in data
        if key not in FIELDS
    ]
    found += [
        Problem("key-missing", file, f"the key “{key}” is missing.", f"Add “{key} = …”.")
        for key in REQUIRED
        if key not in data
    ]
    for key, kind in FIELDS.items():
        value = data.get(key)
        right = isinstance(value, (int, float)) if kind is float else isinstance(value, kind)
        if key in data and (not right or isinstance(value, bool)):
            found.append(
                Problem(
                    "wrong-kind-value",
                    file,
                    f"“{key}” has the wrong kind of value.",
                    f"Write a {kind.__name__}.",
                )
            )
    found += _name_problems(file, data)
    if data.get("direction", "ltr") not in ("ltr", "rtl"):
        found.append(
            Problem(
                "direction-neither-ltr-nor", file, "“direction” is neither ltr nor rtl.", "Write ltr or rtl."
            )
        )
    for key, none in (("fonts", [0]), ("translators", [])):
        names = data.get(key, ["x"])
        if isinstance(names, list) and not all(
            isinstance(name, str) and name.strip() for name in names or none
        ):
            found.append(
                Problem(
                    "no-list-names", file, f"“{key}” is no list of names.", f'Write it as {key} = ["Name"].'
                )
            )
    for key, least, most in (("size", 0.5, 2.0), ("leading", 1.0, 3.0)):
        value = data.get(key, 1.0)
        if isinstance(value, (int, float)) and not least <= value <= most:
            found.append(
                Problem(
                    "out-reach", file, f"“{key}” is out of reach.", f"Write a number from {least} to {most}."
                )
            )
    digits = [unicodedata.decimal(digit, None) for digit in str(data.get("digits", DIGITS))]
    if digits != list(range(10)):
        found.append(
            Problem(
                "digits-not-ten-digits",
                file,
                "“digits” are not the ten digits.",
                "Write those from nought to nine, as 0123456789.",
            )
        )
    return found


def _name_problems(file: str, data: Mapping[str, Any]) -> list[Problem]:
    """Return a problem for every name that is empty, or that holds what no one can see."""
    names = {
        key: data[key] for key in ("autonym", "english_name", "script") if isinstance(data.get(key), str)
    }
    return [
        Problem(
            "empty-holds-invisible-character",
            file,
            f"“{key}” is empty, or holds an invisible character.",
            "Write the name alone.",
        )
        for key, name in names.items()
        if not name.strip() or forbidden(name)
    ]


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
