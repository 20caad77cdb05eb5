"""What people call a language or a region: by code, alias or name, in English or in its own words, in any case, without accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from babel import Locale as BabelLocale
from babel import UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages

from handouts.model import SOURCE_LANGUAGE, Locale, Region
from handouts.problems import Problem, in_file, nearest
from handouts.sources.locales import match_locale

COUNTRY = 2  # letters of a country's code; those with three are too near to languages (`esp` is Spain, and means Spanish)


def folded(name: str) -> str:
    """Return a name as names are compared: its letters and digits, in small letters and without accents."""
    parts = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in parts if unicodedata.category(c)[0] in "LN")


def locales_named(name: str, locales: Mapping[str, Locale]) -> list[str]:
    """Return the tags of the locales that a name may mean, sorted: none, one, or those to choose from.

    A country's code stands for the language that most people there speak (`cn`), but for codes that are languages.
    """
    wanted = folded(name)
    exact = {tag for tag, locale in locales.items() if wanted in set(map(folded, _own_names(locale)))}
    loose = {tag for tag, locale in locales.items() if wanted in set(map(folded, _language_names(locale)))}
    found = {*(exact or loose)} if wanted else set()
    for tag in () if found else _by_alias(name):
        matched = match_locale(tag, locales)
        found |= {matched} if matched else set()
    return sorted(found)


def locale_meant(name: str, locales: Mapping[str, Locale]) -> str:
    """Return the tag of the locale that serves a reader of a tag, or that has this name; nothing where none or several have."""
    matched = match_locale(name, locales)
    named = [matched] if matched else locales_named(name, locales)
    return named[0] if len(named) == 1 else ""


def regions_named(name: str, regions: Mapping[str, Region], locales: Iterable[Locale]) -> list[str]:
    """Return the codes of the regions that a name may mean, sorted: by code, ISO alias, or name in a language that we know."""
    wanted = folded(name)
    if name.lower() in regions:
        return [name.lower()]
    by_alias = {code.lower() for code in get_global("territory_aliases").get(name.upper(), ())}
    found = {code for code in by_alias if code in regions}
    known = [locale.babel for locale in locales]
    return sorted(found or {c for c in regions if wanted and wanted in _region_names(regions[c], known)})


def also_problems(locales: Mapping[str, Locale]) -> Iterator[Problem]:
    """Yield a warning for each name that the file of a locale adds in vain: an own name of a locale, as that finds it alone, or none at all.

    Two locales may add the same: then that name means either, and a person chooses.
    """
    owners = {
        folded(name): tag for tag, locale in locales.items() for name in _own_names(locale) if folded(name)
    }
    for tag, locale in locales.items():
        for name in locale.also:
            owner = owners.get(folded(name), "")
            if folded(name) and not owner:
                continue
            what = f"“{name}” is a name of {owner} already." if owner else f"“{name}” has no letter."
            file, fix = f"locales/{tag}/locale.toml", "Take it out of “also”: nothing is found by it."
            yield in_file("idle-name", file, what, fix, severity="warning")


def _own_names(locale: Locale) -> Iterator[str]:
    """Yield the names of a locale that mean no other: those in its file, and what Babel calls it, with its script."""
    yield from (locale.tag, locale.autonym, locale.english_name)
    own = _babel(locale.babel)
    if own:
        for each in (own, BabelLocale(SOURCE_LANGUAGE)):
            yield own.get_display_name(each) or ""
            yield each.languages.get(f"{own.language}_{own.script}", "")


def _language_names(locale: Locale) -> Iterator[str]:
    """Yield the names of a locale's language, which other locales may have too: those that its file adds, and Babel's."""
    yield from locale.also
    own = _babel(locale.babel)
    for each in (own, BabelLocale(SOURCE_LANGUAGE)) if own else ():
        yield each.languages.get(own.language, "") if own and each else ""


def _region_names(region: Region, babel: Iterable[str]) -> set[str]:
    """Return the names of a region, folded: our own, and Babel's in English, its languages and ours."""
    code = region.code.upper()
    spoken = get_official_languages(code, de_facto=True)
    places = map(_babel, dict.fromkeys((SOURCE_LANGUAGE, *spoken, *babel)))
    return set(map(folded, (region.name.text, *(p.territories.get(code, "") for p in places if p))))


def _by_alias(name: str) -> Iterator[str]:
    """Yield the tags that a name stands for: a code of ISO 639, a language by its English name (Tagalog), a country's code."""
    code = name.replace("_", "-")
    aliases = get_global("language_aliases")
    known = (code.lower(), *_english_languages().get(folded(name), ()))
    yield from (aliases.get(each, each) for each in known if each in aliases or each != code.lower())
    from langcodes import tag_is_valid  # all tags there are: read for a name that is none of ours

    if len(code) != COUNTRY or not code.isascii() or tag_is_valid(code):
        return
    countries = get_global("territory_aliases").get(code.upper(), [code.upper()])
    likely = get_global("likely_subtags")
    yield from (likely[f"und_{country}"] for country in countries if f"und_{country}" in likely)


@cache
def _english_languages() -> dict[str, list[str]]:
    """Return the codes of every language that Babel has an English name for, by that name, folded."""
    found: dict[str, list[str]] = {}
    for code, name in BabelLocale(SOURCE_LANGUAGE).languages.items():
        found.setdefault(folded(name), []).append(code.replace("_", "-"))
    return found


def did_you_mean_named(name: str, known: Mapping[str, str]) -> str:
    """Return a fix for a name that means nothing known: the nearest code or name as a question, else all, with their names."""
    codes = {folded(word): code for code, word in known.items()} | {code.lower(): code for code in known}
    near = codes.get(nearest(folded(name), codes), "")
    if near:
        return f"Did you mean “{near}” ({known[near]})?"
    return f"Use one of: {', '.join(f'{code} ({known[code]})' for code in sorted(known))}."


def _babel(tag: str) -> BabelLocale | None:
    """Return what Babel knows of a locale, None where that is nothing."""
    try:
        return BabelLocale.parse(tag.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None
