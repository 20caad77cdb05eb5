"""A folder for a new locale: its locale.toml filled in from what Babel, the fonts and the other locales know."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import langcodes
from babel import Locale as BabelLocale
from babel import UnknownLocaleError
from fontTools.unicodedata import script as script_of
from fontTools.unicodedata import script_name
from langcodes import data_dicts

from handouts.characters import text_fault
from handouts.files import write_whole
from handouts.model import DIGITS, SOURCE_LANGUAGE, Block, LineEnds, Locale
from handouts.page.values import value
from handouts.pdf import fonts
from handouts.problems import Problem, in_command, nearest
from handouts.sources.catalogs import merge
from handouts.sources.line_ends import rules_of
from handouts.sources.locales import LOCALE_TAG, babel_name, likely
from handouts.sources.po import PoFile
from handouts.workbench.pseudo import PSEUDO_LOCALES

# Where the digits of a numbering system are not named after a script (CLDR, numberingSystems.xml).
DIGIT_NAMES = {"arab": "ARABIC-INDIC", "arabext": "EXTENDED ARABIC-INDIC"}
NOTO_STYLES = ("Noto Sans", "Noto Naskh", "Noto Serif")
# The one Noto collection whose families are named after countries.
CJK_FAMILIES = {
    "Jpan": "Noto Sans CJK JP",
    "Kore": "Noto Sans CJK KR",
    "Hans": "Noto Sans CJK SC",
    "Hant": "Noto Sans CJK TC",
}
# The code of two letters for each code of three, where there is one: it must be used (RFC 5646, 2.2.1).
SHORTER_CODES = {
    long: short
    for table in (data_dicts.LANGUAGE_ALPHA3, data_dicts.LANGUAGE_ALPHA3_BIBLIOGRAPHIC)
    for short, long in table.items()
    if len(short) == 2  # noqa: PLR2004 - letters
}
MOST_CHANGED = (0.9, 1.25)  # of the size of another font of the same script
LEAST_NAME = 4  # letters from which on a word is taken for the beginning of a language's name, not for a tag
NOT_A_LANGUAGE = {"zxx", "und", "mul", "root"}
# Which fact each option of `locale add` gives: the place of a problem of new_locale is one of these.
OPTIONS = {"--autonym": "autonym", "--english-name": "english_name", "--font": "fonts"}


@dataclass(frozen=True)
class GivenFacts:
    """What a person says about a new locale; empty where Babel is to be asked."""

    autonym: str = ""
    english_name: str = ""
    fonts: tuple[str, ...] = ()


def format_tag(tag: str) -> str:
    """Return a tag with its parts in the usual case: `ZH_hant_hk` is `zh-Hant-HK` (RFC 5646, 2.1.1)."""
    parts = tag.replace("_", "-").split("-")
    shaped = [p.title() if len(p) == 4 else p.upper() if len(p) == 2 else p.lower() for p in parts[1:]]  # noqa: PLR2004
    return "-".join([parts[0].lower(), *shaped])


def new_tag_problems(given: str, locales: Mapping[str, Locale]) -> list[Problem]:
    """Return why there can be no new locale of that tag: it is not valid, or there is such a locale."""
    tag = format_tag(given)
    language, _, rest = tag.partition("-")
    if tag in locales:
        what = f"there is a locale “{tag}” already."
        fix = f"Bring it up to date with “python3 build.py locale update {tag}”."
        return [in_command("locale-exists", given, what, fix)]
    if tag in PSEUDO_LOCALES or language in NOT_A_LANGUAGE:
        what = "this tag does not stand for a language that people read."
        return [in_command("tag-not-a-language", given, what, "Give the tag of a language, such as es.")]
    if language in SHORTER_CODES:
        shorter = "-".join(filter(None, (SHORTER_CODES[language], rest)))
        what = "this language has a code of two letters, which must be used."
        return [in_command("tag-not-shortest", given, what, f"Did you mean “{shorter}”?")]
    if LOCALE_TAG.fullmatch(tag) and langcodes.tag_is_valid(tag):
        return []
    code = _code_meant(given)
    fix = (
        f"Did you mean “{format_tag(code)}” ({_language_names()[code]})?"
        if code
        else "Look it up in the IANA registry of language subtags; tags look like es, zh-Hant or pt-BR."
    )
    return [in_command("invalid-tag", given, "this is not a valid BCP 47 language tag.", fix)]


@cache
def _language_names() -> dict[str, str]:
    """Return the names of all languages in English, by CLDR's codes (`pt_BR`)."""
    return {c: n for c, n in BabelLocale(SOURCE_LANGUAGE).languages.items() if c not in NOT_A_LANGUAGE}


def _code_meant(given: str) -> str:
    """Return CLDR's code for the name of a language, the beginning of one, or a misspelled name or tag; or nothing."""
    by_name = {name.casefold(): code for code, name in _language_names().items()}
    by_tag = {code.replace("_", "-").lower(): code for code in _language_names()}
    word = given.casefold().replace("_", "-")
    longer = (name for name in by_name if name.startswith(word) and word not in by_tag)
    name = word if word in by_name else next(longer, "")
    if name and len(word) >= LEAST_NAME:
        return by_name[name]
    known = by_tag | by_name  # where a word is both, it is a name
    return known.get(nearest(word, known), "")


def new_locale(
    given_tag: str,
    given: GivenFacts,
    locales: Mapping[str, Locale],
    rules: Mapping[str, LineEnds] | None = None,
) -> tuple[Locale, list[Problem]]:
    """Return the locale of a tag as far as it can be known, and a problem for each fact that a person must give.

    What is given counts before what Babel knows, and that before what a locale of the same script has.
    Where no line ends is said by the `rules` of its language. The place of each problem is one of OPTIONS.
    """
    tag = format_tag(given_tag)
    babel = _babel_locale(tag)
    autonym = given.autonym or (babel.get_display_name() or "" if babel else "")
    english_name = given.english_name or _english_name(tag)
    script = likely(tag)[1] or langcodes.Language.get(tag).maximize().script or _first_script(autonym)
    alike = _locale_of_script(tag, script, locales)
    families = given.fonts or (alike.fonts if alike else _noto_families(script, autonym, locales))
    problems = [
        *_name_problems(tag, "--autonym", autonym, "in its own language"),
        *_name_problems(tag, "--english-name", english_name, "in English"),
        *_font_problems(families, given.fonts, script or tag),
    ]
    locale = Locale(
        tag=tag,
        babel=babel_name(tag),
        autonym=autonym,
        english_name=english_name,
        direction=value(autonym).direction,
        script=script,
        fonts=families,
        digits=_digits(babel),
        line_ends=rules_of(tag, rules or {}),
    )
    if alike:
        locale = replace(locale, size=alike.size, leading=alike.leading)
    if problems or (alike and families[0] == alike.fonts[0]):
        return locale, problems
    words = [autonym, *(_sample(babel) or _marked_letters(families[0], autonym, script))]
    return replace(
        locale,
        size=_size(families[0], alike, words) if alike else locale.size,
        leading=fonts.leading(families[0], words, Locale.leading),
    ), problems


def _size(family: str, alike: Locale, words: list[str]) -> float:
    """Return the type size at which a family sets words as wide as another locale's family does, as a factor."""
    wide, known = fonts.width(family, words), fonts.width(alike.fonts[0], words)
    least, most = MOST_CHANGED
    return round(alike.size * min(most, max(least, known / wide if wide and known else 1.0)), 2)


def _sample(babel: BabelLocale | None) -> list[str]:
    """Return some hundred words of a language: the names of months, days, languages and countries that CLDR has of it."""
    if not babel:
        return []
    times = (babel.months["format"]["wide"], babel.days["format"]["wide"])
    names = [
        *babel.languages.values(),
        *babel.territories.values(),
        *(n for each in times for n in each.values()),
    ]
    return [word for name in names for word in str(name).split()]


def _marked_letters(family: str, autonym: str, script: str) -> list[str]:
    """Return a letter of a language's own name with each mark of its script, for a language of which no words are known."""
    letter = next((letter for letter in autonym if letter.isalpha()), "")
    return [letter + mark for mark in fonts.marks(family, script)]


def _name_problems(tag: str, option: str, name: str, language: str) -> list[Problem]:
    """Return what is wrong with a name of the new locale: nobody knows it, or no one can see all of it."""
    if not name:
        what = f"Babel does not know what “{tag}” is called {language}."
        return [in_command("unknown-language-name", option, what, f"Say it: locale add {tag} {option} “…”.")]
    fault = text_fault(name)
    return [in_command(fault.code, option, fault.what, fault.fix)] if fault else []


def _font_problems(families: tuple[str, ...], given: tuple[str, ...], script: str) -> list[Problem]:
    """Return a problem where the new locale cannot be printed with what is installed."""
    if families and not fonts.missing_families(families):
        return []
    named = f"the font “{'”, “'.join(given)}” is not" if given else f"no Noto font for {script} is"
    what = f"{named} on this machine."
    fix = "Install one that has the script, or name one that is installed: --font “Noto Sans …”. See: fc-list : family"
    return [Problem("font-missing", "--font", what, fix)]


def _babel_locale(tag: str) -> BabelLocale | None:
    """Return Babel's locale of the same language and script, or None where it knows none."""
    try:
        found = BabelLocale.parse(tag.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None
    return found if found.get_display_name() else None


def _english_name(tag: str) -> str:
    """Return the English name of a tag, its script or region in brackets, empty where CLDR has none."""
    english = BabelLocale(SOURCE_LANGUAGE)
    language, *rest = tag.split("-")
    name = english.languages.get(language, "")
    more = [english.scripts.get(part) or english.territories.get(part) or part for part in rest]
    return f"{name} ({', '.join(more)})" if name and more else name


def _first_script(text: str) -> str:
    """Return the script of the first letter of a text, empty where it has none."""
    return next((script_of(letter) for letter in text if letter.isalpha()), "")


def _locale_of_script(tag: str, script: str, locales: Mapping[str, Locale]) -> Locale | None:
    """Return the locale to learn fonts, size and leading from: of the same script, its parent first."""
    same = [each for each in locales.values() if likely(each.tag)[1] == script]
    return next((each for each in same if tag.startswith(f"{each.tag}-")), same[0] if same else None)


def _noto_families(script: str, autonym: str, locales: Mapping[str, Locale]) -> tuple[str, ...]:
    """Return the installed Noto families that print a script, those of the source where they have its letters."""
    source = locales[SOURCE_LANGUAGE].fonts
    if autonym and not fonts.missing_glyphs(autonym, source):
        return source
    there = {_bare(family): family for family, _ in fonts.installed()}
    name = script_name(script, default="").replace("_", " ")
    wanted = (
        [CJK_FAMILIES[script]]
        if script in CJK_FAMILIES
        else [f"{style} {name}" for style in NOTO_STYLES if name]
    )
    found = next((there[_bare(family)] for family in wanted if _bare(family) in there), "")
    return (found, *source) if found else ()


def _bare(family: str) -> str:
    """Return the name of a family without spaces and capitals: Unicode's Nko is Noto's NKo."""
    return family.replace(" ", "").casefold()


def _digits(babel: BabelLocale | None) -> str:
    """Return the ten digits of a locale's usual numbering system; 0 to 9 where Unicode names no others."""
    system = babel.default_numbering_system if babel else "latn"
    name = DIGIT_NAMES.get(system) or script_name(system.title(), default="").upper()
    try:
        zero = ord(unicodedata.lookup(f"{name} DIGIT ZERO"))
    except KeyError:
        return DIGITS
    return "".join(chr(zero + n) for n in range(10))


def locale_toml(locale: Locale) -> str:
    """Return the text of a new locale.toml, with what each line is for."""
    listed = ", ".join(map(_quoted, locale.fonts))
    lines = [
        f"autonym = {_quoted(locale.autonym)}  # the language in its own words; it stands on the first page",
        f"english_name = {_quoted(locale.english_name)}",
        f'direction = "{locale.direction}"  # ltr or rtl',
        f'script = "{locale.script}"',
        f"fonts = [{listed}]  # installed families; the first that has a letter prints it",
        f"size = {locale.size}  # so that the script looks as large as others",
        f"leading = {locale.leading}  # from line to line, in type sizes",
    ]
    if locale.digits != DIGITS:
        lines.append(f'digits = "{locale.digits}"  # of page and list numbers, citations and years')
    lines.append('# also = ["…"]  # other names by which people look for it, in English or in its own words')
    lines.append("translators = []  # your name or handle, if you want it known; a draft by machine says so")
    if locale.line_ends != LineEnds():
        lines += ["", *_line_ends_toml(locale.line_ends)]
    return "\n".join(lines) + "\n"


def _line_ends_toml(rules: LineEnds) -> list[str]:
    """Return the lines of a table of line ends, with what each is for."""
    said = (
        ("after", rules.after, "no line ends behind these"),
        ("before", rules.before, "nor before these"),
        ("units", rules.units, "nor between a number and these"),
    )
    lines = [f"{key} = [{', '.join(map(_quoted, words))}]  # {note}" for key, words, note in said if words]
    if rules.counted:
        lines.append("counted = true  # nor between a number and what is counted")
    return ["[line_ends]  # at spaces; where the rules are from: locales/line-ends.toml", *lines]


def _quoted(text: str) -> str:
    """Return a text as TOML writes it; JSON strings are TOML's basic strings."""
    return json.dumps(text, ensure_ascii=False)


def write_locale(root: Path, locale: Locale, blocks: Mapping[str, Block]) -> Iterable[str]:
    """Make the folder of a new locale, with every message to translate; return its files. Raises OSError."""
    folder = root / "locales" / locale.tag
    catalog = merge(PoFile(), locale, blocks)
    write_whole(folder / "handouts.po", catalog.encode())
    # Last: with this file the folder is a locale, and by then it has its catalog.
    write_whole(folder / "locale.toml", locale_toml(locale).encode())
    return [f"locales/{locale.tag}/{name}" for name in ("locale.toml", "handouts.po")]
