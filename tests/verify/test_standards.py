"""What validators say is told, without what is wrong of scripts they do not know."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from handouts.verify import standards


def test_a_good_file_breaks_no_rule(built: Path) -> None:
    """Both standards are asked of the same file."""
    assert standards.broken_rules(built / "en/about-ipt.pdf") == []


def test_a_rule_is_named_with_its_standard(built: Path, tmp_path: Path) -> None:
    """A PDF that does not say that it is tagged breaks PDF/UA-1, by name."""
    with pikepdf.open(built / "en/about-ipt.pdf") as pdf:
        del pdf.Root.MarkInfo
        pdf.save(tmp_path / "untagged.pdf")
    rules = standards.broken_rules(tmp_path / "untagged.pdf")
    assert any(rule.startswith("PDF/UA-1: ") for rule in rules)


@pytest.mark.parametrize("tag", ["SEVENLY+", "Typing+", "FIVES+", "+"])
def test_a_font_that_is_cut_down_is_named_so(built: Path, tmp_path: Path, tag: str) -> None:
    """Six capitals and a plus; other programs take any other name for that of a font of theirs."""
    file = tmp_path / "named.pdf"
    with pikepdf.open(built / "en/about-ipt.pdf") as pdf:
        (font, *_) = (
            each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/BaseFont" in each
        )
        name = f"/{tag}{str(font.BaseFont).partition('+')[2]}"
        assert name != "/"
        font.BaseFont = pikepdf.Name(name)
        pdf.save(file)
    assert standards.wrong_font_names(file) == [name]
    assert f"ISO 32000-1: 9.6.4 {name}" in standards.broken_rules(file)


@pytest.mark.parametrize(
    ("said", "is_excused"),
    [
        ("5 different codes all map to U+0628 ", True),
        ("5 different codes all map to U+0061 ", False),
        ("5 different codes all map to U+0628 ; 3 different codes all map to U+0061 ", False),
        ("nothing of the kind", False),
    ],
)
def test_only_a_script_that_joins_its_letters_has_many_glyphs_for_one(said: str, *, is_excused: bool) -> None:
    """Five glyphs for an Arabic letter are no fault, five for a Latin one are."""
    finding = type("Finding", (), {"rule": "TXT-004", "message": said})
    assert standards._joins(finding) is is_excused
