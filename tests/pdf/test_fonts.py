"""Subsets shape as the whole font does, and no character prints as an empty box."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
import uharfbuzz as hb
from fontTools.ttLib import TTFont

from handouts.library.jobs import characters
from handouts.pdf import fonts
from handouts.sources.frame import is_on_screens_alone
from handouts.sources.load import Sources
from tests.conftest import LOCALES


def shaped(face: hb.Face, text: str) -> list[tuple[int, int, int, int]]:
    """Return the clusters and advances of a text set in a face: what a reader would see."""
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(hb.Font(face), buffer)
    infos, positions = buffer.glyph_infos or [], buffer.glyph_positions or []
    return [(i.cluster, p.x_advance, p.x_offset, p.y_offset) for i, p in zip(infos, positions, strict=True)]


@pytest.mark.parametrize("tag", LOCALES)
def test_a_subset_shapes_every_message_as_the_whole_font_does(
    sources: Sources, tag: str, tmp_path: Path
) -> None:
    """Conjuncts, joined letters and marks come out the same: a lost feature takes Hindi and Arabic apart."""
    families = sources.locales[tag].fonts[:1]
    letters = characters(sources, tag, None)
    said = sources.catalogs[tag].messages if tag in sources.catalogs else sources.blocks()
    texts = [each.text for name, each in said.items() if not is_on_screens_alone(name)]
    assert len(texts) > 100
    whole = [hb.Face(hb.Blob.from_file_path(f.path), f.index) for f in fonts.font_files(families)]
    cut = [
        hb.Face(hb.Blob.from_file_path(str(tmp_path / f.name)))
        for f in fonts.subset(families, letters, tmp_path)
    ]
    for one, other in zip(whole, cut, strict=True):
        assert [shaped(one, text) for text in texts] == [shaped(other, text) for text in texts]


@pytest.mark.parametrize("tag", LOCALES)
def test_every_character_of_a_locale_has_a_glyph(sources: Sources, tag: str) -> None:
    """The fonts of a locale hold all it may print, in both weights."""
    families = (*sources.locales[tag].fonts, *sources.locales["en"].fonts)
    assert fonts.missing_glyphs(characters(sources, tag, None), families) == []


def test_a_character_without_a_glyph_is_named() -> None:
    """A font that lacks a script says which characters it lacks; spaces and marks of direction need none."""
    assert fonts.missing_glyphs("aह \u2066字", ["Noto Sans"]) == ["ह", "字"]


def test_a_font_that_is_not_here_is_named() -> None:
    """Half a family, or none of it, is missing."""
    assert fonts.missing_families(["Noto Sans", "No Such Sans"]) == ["No Such Sans"]


def test_character_ids_are_glyph_numbers(built: Path) -> None:
    """A page names glyphs by number, a reader looks for a character id: they are one, or the page is blank."""
    seen = 0
    for path in sorted(built.rglob("*.pdf")):
        with pikepdf.open(path) as pdf:
            descriptors = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/FontFile3" in o]
            for font in descriptors:
                top = TTFont(io.BytesIO(font.FontFile3.read_bytes()))["CFF "].cff.topDictIndex[0]
                assert hasattr(top, "ROS")
                assert top.charset[1:] == [f"cid{n:05}" for n in range(1, len(top.charset))]
                seen += 1
    assert seen


@pytest.mark.parametrize("letters", [" ", "a", "一二，。", "鬱驫麤ⅧÅｆ龘Ｗ"])
def test_the_box_of_a_font_is_that_of_its_own_glyphs(letters: str, tmp_path: Path) -> None:
    """Not of those that were cut away, which reach three times as far: fontTools, glyph by glyph, finds the same."""
    for face in fonts.subset(["Noto Sans CJK SC"], letters, tmp_path):
        top = TTFont(io.BytesIO((tmp_path / face.name).read_bytes()))["CFF "].cff.topDictIndex[0]
        ours = top.FontBBox
        top.recalcFontBBox()
        assert ours == top.FontBBox


def test_a_damaged_font_of_the_cache_is_made_again(tmp_path: Path) -> None:
    """Half a font would leave the page blank; it is known by its digest and not used."""
    (first, *_) = fonts.subset(["Noto Sans"], "abc", tmp_path)
    good = (tmp_path / first.name).read_bytes()
    (tmp_path / first.name).write_bytes(good[:2000])
    assert fonts.subset(["Noto Sans"], "abc", tmp_path)[0] == first
    assert (tmp_path / first.name).read_bytes() == good


def test_no_font_of_the_cache_stands_in_for_another(tmp_path: Path) -> None:
    """A subset copied into the place of another, under its key, is not used."""
    (one, *_), (other, *_) = (fonts.subset(["Noto Sans"], letters, tmp_path) for letters in ("ab", "cd"))
    taken = tmp_path / f"{one.name.partition('-')[0]}-{other.name.partition('-')[2]}"
    (tmp_path / one.name).unlink()
    (tmp_path / other.name).rename(taken)
    assert fonts.subset(["Noto Sans"], "ab", tmp_path)[0].name == one.name


def test_a_subset_is_made_once_for_its_font_and_characters(tmp_path: Path) -> None:
    """Another character is another subset; the order of characters is none."""
    faces = fonts.subset(["Noto Sans"], "abc", tmp_path)
    made = {path.name: path.stat().st_ino for path in tmp_path.iterdir()}
    assert [(face.family, face.weight) for face in faces] == [("Noto Sans", 400), ("Noto Sans", 700)]
    assert fonts.subset(["Noto Sans"], "cba", tmp_path) == faces
    assert {path.name: path.stat().st_ino for path in tmp_path.iterdir()} == made
    assert fonts.subset(["Noto Sans"], "abcd", tmp_path) != faces


def test_leading_is_that_of_the_words_that_occur() -> None:
    """Nastaliq needs more than twice its size, Tibetan far less than its font is built for; usual letters need no more than is given."""
    assert fonts.leading("Noto Sans", ["Ágil", "por"], 1.34) == 1.34
    assert fonts.leading("Noto Nastaliq Urdu", ["کبھی", "اسکیم"], 1.34) > 2
    tibetan = fonts.leading("Noto Serif Tibetan", ["བོད་སྐད་"], 1.34)
    assert 1.34 < tibetan < 2
    assert fonts.leading("Noto Serif Tibetan", ["བ", "བོད་སྐད་"], 1.34) == tibetan
    assert fonts.leading("Noto Serif Tibetan", ["abc", ""], 1.5) == 1.5  # it has no such letters


def test_words_are_measured_in_a_font() -> None:
    """As wide as all of them are, in type sizes; those that the font has no letters for are left out."""
    assert fonts.width("Noto Sans", ["ab", "ab"]) == pytest.approx(2 * fonts.width("Noto Sans", ["ab"]))
    assert fonts.width("Noto Sans", ["字"]) == 0


def test_a_font_without_a_bold_serves_both_weights() -> None:
    """As those of N'Ko, Syriac and a hundred others do; a bold that is there is used."""
    assert fonts.without_bold(["Noto Sans", "Noto Sans NKo", "No Such Sans"]) == ["Noto Sans NKo"]
    regular, bold = fonts.font_files(["Noto Sans NKo"])
    assert (regular.weight, bold.weight, bold.path) == (400, 700, regular.path)
    assert fonts.missing_families(["Noto Sans NKo"]) == []
    assert len({file.path for file in fonts.font_files(["Noto Sans"])}) == 2


def test_marks_of_a_script_are_found_in_its_font() -> None:
    """They stand above and below letters, and so say how much room a line needs."""
    assert "\u102d" in fonts.marks("Noto Sans Myanmar", "Mymr")
    assert fonts.marks("Noto Sans", "Mymr") == []


@pytest.mark.parametrize("family", ["Noto Sans", "Noto Sans CJK SC"])
def test_a_whole_font_has_all_letters_and_is_kept_nowhere(family: str, tmp_path: Path) -> None:
    """A font cut down to a name would tell its letters."""
    for face, font in zip(fonts.whole([family]), fonts.font_files([family]), strict=True):
        found = hb.Face(fonts.read_face(face.name, tmp_path))
        assert set(found.unicodes) == set(hb.Face(hb.Blob.from_file_path(font.path), font.index).unicodes)
    assert list(tmp_path.iterdir()) == []
