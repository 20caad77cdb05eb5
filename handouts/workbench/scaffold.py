"""A folder for a new locale: its locale.toml filled in from what Babel, the fonts and the other locales know."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import langcodes
from babel import Locale as BabelLocale
from babel import UnknownLocaleError
from fontTools.unicodedata import script as script_of
from fontTools.unicodedata import script_name
from langcodes import data_dicts

from handouts.files import write_whole
from handouts.markup import forbidden
from handouts.model import DIGITS, SOURCE_LANGUAGE, Block, Locale
from handouts.page.values import value
from handouts.pdf import fonts
from handouts.problems import Problem, nearest
from handouts.sources.catalogs import merge
from handouts.sources.locales import TAG, babel_name, likely
from handouts.workbench.pseudo import PSEUDO

# Where the digits of a numbering system are not named after a script (CLDR, numberingSystems.xml).
DIGIT_NAMES = {"arab": "ARABIC-INDIC", "arabext": "EXTENDED ARABIC-INDIC"}
NOTO = ("Noto Sans", "Noto Naskh", "Noto Serif")
# The one Noto collection whose families are named after countries.
COLLECTION = {
    "Jpan": "Noto Sans CJK JP",
    "Kore": "Noto Sans CJK KR",
    "Hans": "Noto Sans CJK SC",
    "Hant": "Noto Sans CJK TC",
}
# Codes of three letters where the registry has one of two (RFC 5646, 2.2.1).
LONG_CODES = {
    long: short
    for table in (data_dicts.LANGUAGE_ALPHA3, data_dicts.LANGUAGE_ALPHA3_BIBLIOGRAPHIC)
    for short, long in table.items()
    if len(short) == 2  # noqa: PLR2004 - letters
}
SHORT_NAME = 4  # letters below which a word is rather a tag than the beginning of a name
NO_LANGUAGE = {"zxx", "und", "mul", "root"}


@dataclass(frozen=True)
class Known:
    """What a person says of a language, or nothing where Babel is to be asked."""

    autonym: str = ""
    english_name: str = ""
    fonts: tuple[str, ...] = ()


def tidy(tag: str) -> str:
    """Return a tag with its parts in the usual case: `ZH_hant_hk` is `zh-Hant-HK` (RFC 5646, 2.1.1)."""
    parts = tag.replace("_", "-").split("-")
    shaped = [p.title() if len(p) == 4 else p.upper() if len(p) == 2 else p.lower() for p in parts[1:]]  # noqa: PLR2004
    return "-".join([parts[0].lower(), *shaped])


def tag_problems(given: str, locales: Mapping[str, Locale]) -> list[Problem]:
    """Return why there can be no new locale of that tag: it is no tag, or is there already."""
    tag = tidy(given)
    if tag in locales:
        fix = f"Bring it up to date with “python3 build.py locale update {tag}”."
        return [Problem("locale-already", given, f"the locale “{tag}” is there already.", fix)]
    if tag in PSEUDO or tag.split("-")[0] in NO_LANGUAGE:
        return [
            Problem(
                "tag-no-language-people",
                given,
                "this is the tag of no language that people read.",
                "Name a language, as in es.",
            )
        ]
    language, _, rest = tag.partition("-")
    if language in LONG_CODES:
        short = "-".join(filter(None, (LONG_CODES[language], rest)))
        return [
            Problem(
                "language-code-two-letters",
                given,
                "this language has a code of two letters.",
                f"Did you mean “{short}”?",
            )
        ]
    if TAG.fullmatch(tag) and langcodes.tag_is_valid(tag):
        return []
    fix = _meant(given) or "Look it up in the IANA registry of language subtags, as in es, zh-Hant or pt-BR."
    return [Problem("no-bcp-47-tag", given, "this is no BCP 47 tag of a language.", fix)]


def _meant(given: str) -> str:
    """Return “Did you mean …?” for a name of a language, a part of one, or a tag with a wrong letter; or nothing."""
    names = {c: n for c, n in BabelLocale(SOURCE_LANGUAGE).languages.items() if c not in NO_LANGUAGE}
    by_name = {name.casefold(): code for code, name in names.items()}
    by_tag = {code.replace("_", "-").lower(): code for code in names}
    word = given.casefold().replace("_", "-")
    code = by_name.get(word) or next(
        (by_name[n] for n in by_name if n.startswith(word) and word not in by_tag), ""
    )
    if len(word) < SHORT_NAME or not code:
        found = nearest(word, [*by_name, *by_tag])
        code = by_name.get(found) or by_tag.get(found, "")
    return f"Did you mean “{tidy(code)}” ({names[code]})?" if code else ""


def new_locale(given: str, known: Known, locales: Mapping[str, Locale]) -> tuple[Locale, list[Problem]]:
    """Return the locale of a tag as far as it can be known, and a problem for each thing a person must say.

    What a person says goes before what Babel knows, and that before what a locale with the same
    script has.
    """
    tag = tidy(given)
    babel = _babel(tag)
    autonym = known.autonym or (babel.get_display_name() or "" if babel else "")
    english = known.english_name or _english_name(tag)
    script = likely(tag)[1] or langcodes.Language.get(tag).maximize().script or _script(autonym)
    kin = _kin(tag, script, locales)
    problems = [
        Problem(
            "holds-invisible-character", option, "it holds an invisible character.", "Write the name alone."
        )
        for option, name in (("--autonym", autonym), ("--english-name", english))
        if forbidden(name)
    ]
    if not autonym:
        what = f"Babel does not know what “{tag}” is called in its own language."
        problems.append(
            Problem("babel-not-know-what", "--autonym", what, f"Say it: locale add {tag} --autonym “…”.")
        )
    if not english:
        what = f"Babel does not know what “{tag}” is called in English."
        problems.append(
            Problem(
                "babel-not-know-what", "--english-name", what, f"Say it: locale add {tag} --english-name “…”."
            )
        )
    families = known.fonts or (kin.fonts if kin else _families(script, autonym, locales))
    if not families or fonts.missing_families(families):
        named = (
            f"the font “{'”, “'.join(known.fonts)}” is not"
            if known.fonts
            else f"no Noto font for {script or tag} is"
        )
        fix = "Install one that has the script, or name one that is here: --font “Noto Sans …”. See: fc-list : family"
        problems.append(
            Problem("machine-regular-bold", "--font", f"{named} on this machine in regular and bold.", fix)
        )
    locale = Locale(
        tag=tag,
        babel=babel_name(tag),
        autonym=autonym,
        english_name=english,
        direction=value(autonym).direction,
        script=script or _script(autonym),
        fonts=families,
        digits=_digits(babel),
    )
    if kin:
        return replace(locale, size=kin.size, leading=kin.leading), problems
    return replace(
        locale, leading=fonts.leading(families[0], locale.leading) if not problems else locale.leading
    ), problems


def _babel(tag: str) -> BabelLocale | None:
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


def _script(text: str) -> str:
    """Return the script of the first letter of a text, empty where it has none."""
    return next((script_of(letter) for letter in text if letter.isalpha()), "")


def _kin(tag: str, script: str, locales: Mapping[str, Locale]) -> Locale | None:
    """Return the locale to learn fonts, size and leading from: of the same script, its parent first."""
    same = [each for each in locales.values() if likely(each.tag)[1] == script]
    return next((each for each in same if tag.startswith(f"{each.tag}-")), same[0] if same else None)


def _families(script: str, autonym: str, locales: Mapping[str, Locale]) -> tuple[str, ...]:
    """Return the installed Noto families that print a script, those of the source where they have its letters."""
    source = locales[SOURCE_LANGUAGE].fonts
    if autonym and not fonts.missing_glyphs(autonym, source):
        return source
    there = {family for family, _ in fonts.installed()}
    name = script_name(script, default="").replace("_", " ")
    wanted = [COLLECTION[script]] if script in COLLECTION else [f"{kind} {name}" for kind in NOTO if name]
    found = next((family for family in wanted if family in there), "")
    return (found, *source) if found else ()


def _digits(babel: BabelLocale | None) -> str:
    """Return the ten digits of a locale's usual numbering system; 0 to 9 where Unicode names no others."""
    system = babel.default_numbering_system if babel else "latn"
    name = DIGIT_NAMES.get(system) or script_name(system.title(), default="").upper()
    try:
        zero = ord(unicodedata.lookup(f"{name} DIGIT ZERO"))
    except KeyError:
        return DIGITS
    return "".join(chr(zero + n) for n in range(10))


def toml(locale: Locale) -> str:
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
    lines.append("translators = []  # your name or handle, if you want it known; a draft by machine says so")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Return a text as TOML writes it; JSON strings are TOML's basic strings."""
    return json.dumps(text, ensure_ascii=False)


def write(root: Path, locale: Locale, blocks: Mapping[str, Block]) -> Iterable[str]:
    """Make the folder of a new locale, with every message to translate; return its files. Raises OSError."""
    folder = root / "locales" / locale.tag
    texts = {
        "handouts.po": merge(folder / "handouts.po", locale, blocks).encode(),
        "locale.toml": toml(locale).encode(),
    }
    for name, text in texts.items():
        write_whole(folder / name, text)
    return [f"locales/{locale.tag}/{name}" for name in ("locale.toml", "handouts.po")]
