"""What validators say of a PDF: PDF/UA-1, PDF/A-2a, and what no validator sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fontTools.unicodedata import script
from pikepdf import Dictionary, Pdf

PROFILES = {"ua1": "PDF/UA-1", "2a": "PDF/A-2a"}
ENOUGH_RULES, ENOUGH_FINDERS = 50, 30
MOSTLY = 0.7
CUT_DOWN = re.compile(r"/[A-Z]{6}\+[^+]")  # the name of a font of which a part is embedded
# A letter of these looks the same whatever stands beside it.
UNCHANGING = frozenset({"Cyrl", "Grek", "Hang", "Hani", "Hira", "Kana", "Latn", "Zyyy"})


def broken_rules(path: Path) -> list[str]:
    """Return the rules of both standards that a PDF breaks, as “PDF/UA-1: rule”, and names of fonts that are against ISO 32000-1.

    Raises ValueError where too few rules were asked to mean anything.
    """
    import page as validator

    reports = {name: validator.validate_pdf(path, profile=profile) for profile, name in PROFILES.items()}
    if any(report.rules.total < ENOUGH_RULES for report in reports.values()):
        raise ValueError("the validator asked too few rules")
    broken = [f"{name}: {failure.rule_id}" for name, report in reports.items() for failure in report.failures]
    return [*broken, *(f"ISO 32000-1: 9.6.4 {name}" for name in wrong_font_names(path))]


def wrong_font_names(path: Path) -> list[str]:
    """Return the names of fonts that are cut down and do not begin with six capitals and a plus, which validators do not ask."""
    with Pdf.open(path) as pdf:
        fonts = [each for each in pdf.objects if isinstance(each, Dictionary)]
        names = {str(each[key]) for each in fonts for key in ("/BaseFont", "/FontName") if key in each}
    return sorted(name for name in names if "+" in name and not CUT_DOWN.match(name))


def standards_findings(path: Path, alternatives: Iterable[str]) -> list[str]:
    """Return the errors and warnings of `outloud`, without those that are wrong of scripts it does not know.

    `alternatives` are the descriptions of the pictures. Raises ValueError where it did not run.
    """
    import outloud

    result = outloud.check(str(path))
    crashed = [run.rule for run in result.runs if run.status == "crashed"]
    ran = sum(run.status == "ran" for run in result.runs)
    if result.error or crashed or ran < ENOUGH_FINDERS:
        raise ValueError(result.error or f"only {ran} rules ran, {crashed} crashed")
    return [
        f"{finding.rule}: {finding.message}"
        for finding in result.findings
        if finding.severity in {"error", "warning"}
        and finding.rule != "ORD-001"  # which takes words in a sentence for being after it; see gate
        and not _joins(finding)
        and not (finding.rule == "FIG-012" and _is_language(list(alternatives)))
    ]


def _joins(finding: Any) -> bool:
    """Whether a finding is only that a letter has a glyph for every way it is written beside others.

    `outloud` takes five glyphs for one character as a fault; Arabic has that many for most letters, and
    a vowel sign has one for each width of what it reaches over.
    """
    letters = [
        chr(int(c, 16))
        for c in re.findall(r"different codes all map to U\+([0-9A-F]{4,6}) ", finding.message)
    ]
    changing = all(script(letter) not in UNCHANGING for letter in letters)
    return finding.rule == "TXT-004" and bool(letters) and changing and ";" not in finding.message


def _is_language(alternatives: list[str]) -> bool:
    """Whether all texts are mostly letters: `outloud` does not count vowel signs, half of many scripts, as such."""
    shares = [
        sum(unicodedata.category(c)[0] in "LM" for c in text) / len(text) for text in alternatives if text
    ]
    return bool(shares) and min(shares) > MOSTLY
