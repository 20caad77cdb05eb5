"""Fonts: find a family's files, subset them once to a locale's characters, name missing glyphs."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

import uharfbuzz as hb
from fontTools.unicodedata import script as script_of
from fontTools.unicodedata import script_extension

from handouts.files import write_whole

REGULAR, BOLD = 400, 700
WEIGHTS = {REGULAR: "Regular", BOLD: "Bold"}
INSTANCE = 0x10000  # from here on, fontconfig's index names an instance of a variable font
RECIPE = "3"  # part of every face's name in the cache: raise it when `_subset` gives other bytes
# With the letters of every language of the European Union and of Vietnamese, and the marks that a telephone writes.
LATIN = (
    *range(0x20, 0x180),
    0x1A0,
    0x1A1,
    0x1AF,
    0x1B0,
    *range(0x1EA0, 0x1EFA),
    *range(0x2010, 0x2028),
    0x20AC,
)
MOST_LETTERS = 700  # of a script that a field can hold whole
ASCII = frozenset(range(0x21, 0x7F))
SHARED = frozenset({"Latn", "Zinh", "Zyyy"})  # scripts of Latin, and of what stands in any
COLLECTION = b"ttcf"  # how a file of several fonts begins
MOST_OPEN = 8  # faces of the machine: those of two languages, as a collection of Chinese ones has 20 MB
AIR = 0.04  # of the type size, between the foot of a line and the top of the next
SYSTEM_PACKAGES = "fonts-noto-core fonts-noto-cjk"


@dataclass(frozen=True)
class FontFile:
    """One face of an installed font: its file and its index in a collection."""

    family: str
    weight: int
    path: str
    index: int


@dataclass(frozen=True)
class Face:
    """A subset of a face, ready for `@font-face`. `name` is its place in the font cache."""

    family: str
    weight: int
    name: str


@dataclass(frozen=True)
class Writing:
    """The font of what is typed into fields: what it is called, and its file.

    `is_whole` says that it has all letters of the page's script, and that these are more than the Latin of Western Europe.
    """

    family: str
    file: bytes
    is_whole: bool


@cache
def installed() -> dict[tuple[str, int], FontFile]:
    """Return every installed upright face in regular or bold, by family and weight."""
    form = "%{file}\t%{index}\t%{family}\t%{style}\n"
    if shutil.which("fc-list") is None:
        return {}
    listing = subprocess.run(
        ["fc-list", "--format", form],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    styles = {style: weight for weight, style in WEIGHTS.items()}
    found: dict[tuple[str, int], FontFile] = {}
    for line in sorted(listing.splitlines()):
        path, index, families, style_names = line.split("\t")
        weight = styles.get(style_names.split(",")[0])
        if weight and int(index) < INSTANCE:
            for family in families.split(","):
                found.setdefault((family, weight), FontFile(family, weight, path, int(index)))
    return found


def missing_families(families: Iterable[str]) -> list[str]:
    """Return the families that are not on this machine in regular."""
    return [family for family in families if (family, REGULAR) not in installed()]


def without_bold(families: Iterable[str]) -> list[str]:
    """Return the families that are on this machine in regular alone, as that of N'Ko is: it serves for both weights."""
    return [f for f in families if (f, REGULAR) in installed() and (f, BOLD) not in installed()]


def font_files(families: Iterable[str]) -> tuple[FontFile, ...]:
    """Return the font files of the families, in order, both weights; the regular one for both where there is no bold."""
    there = installed()
    return tuple(
        there.get((family, weight)) or replace(there[family, REGULAR], weight=weight)
        for family in families
        for weight in WEIGHTS
    )


@cache
def file_digest(path: str) -> str:
    """Return the SHA-256 of a font file."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=MOST_OPEN)
def _face(font: FontFile) -> hb.Face:
    return hb.Face(hb.Blob.from_file_path(font.path), font.index)


@cache
def _characters(font: FontFile) -> hb.Set:
    """Return the code points that a face has glyphs for, as HarfBuzz keeps them: a bit for each, and Chinese has 45,000."""
    return _face(font).unicodes


def _has_letters(font: FontFile, word: str) -> bool:
    """Whether a face has a glyph for every letter of a word."""
    there = _characters(font)
    return all(ord(letter) in there for letter in word)


def missing_glyphs(text: Iterable[str], families: Iterable[str]) -> list[str]:
    """Return the visible characters for which no face of the families has a glyph, in regular or in bold; each once."""
    fonts = font_files(families)
    there = {weight: [_characters(f) for f in fonts if f.weight == weight] for weight in WEIGHTS}
    return sorted(
        character
        for character in set(text)
        if unicodedata.category(character) not in {"Cc", "Cf", "Zs", "Zl", "Zp"}
        and not all(any(ord(character) in have for have in faces) for faces in there.values())
    )


def leading(family: str, words: Iterable[str], least: float) -> float:
    """Return the line height that words need in a family, as a factor of the type size, or `least` where that is enough.

    It is from the top of the highest letter to the foot of the lowest, of all words that the family can set; never more than
    the font itself asks for. That is often much more: it has room for letters that a language does not use.
    """
    file = font_files([family])[0]
    font = hb.Font(_face(file))
    edges = [_ink(font, word) for word in set(words) if word and _has_letters(file, word)]
    if not edges:
        return least
    extents = font.get_font_extents("ltr")
    tops, feet = zip(*edges, strict=True)
    asked: float = min(max(tops) - min(feet), extents.ascender - extents.descender) / font.face.upem
    return max(least, round(asked + AIR, 2))


def width(family: str, words: Iterable[str]) -> float:
    """Return how wide words are in a family, in type sizes; those that it cannot set are left out."""
    file = font_files([family])[0]
    font = hb.Font(_face(file))
    able = [word for word in words if _has_letters(file, word)]
    advances = [place.x_advance for word in able for _, place in _shaped(font, word)]
    return float(sum(advances) / font.face.upem)


def _shaped(font: hb.Font, word: str) -> Iterator[tuple[hb.GlyphInfo, hb.GlyphPosition]]:
    """Return the glyphs of a word, each with its place."""
    buffer = hb.Buffer()
    buffer.add_str(word)
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    return zip(buffer.glyph_infos or [], buffer.glyph_positions or [], strict=True)


def _ink(font: hb.Font, word: str) -> tuple[int, int]:
    """Return how far a word reaches above and below its line, in units of the font."""
    top = foot = 0
    for info, position in _shaped(font, word):
        box = font.get_glyph_extents(info.codepoint)
        if box and box.height:
            top = max(top, position.y_offset + box.y_bearing)
            foot = min(foot, position.y_offset + box.y_bearing + box.height)
    return top, foot


def marks(family: str, script: str) -> list[str]:
    """Return the marks of a script that a family has, which stand above and below letters."""
    return [
        mark
        for mark in map(chr, sorted(_characters(font_files([family])[0])))
        if unicodedata.category(mark).startswith("M") and script_of(mark) == script
    ]


def writing(families: Iterable[str], letters: Iterable[str], folder: Path) -> Writing:
    """Return what a person types in who reads these letters: Latin of Europe, and their scripts, as far as the families have them.

    Of a script with more letters than a file has room for, such as Chinese, only those that were given. The families are
    taken in order until one has the letters from A to Z.
    """
    given, (first, *others) = set(letters), families
    there = set(map(chr, _characters(font_files([first])[0])))
    scripts = {script_of(letter) for letter in given} - SHARED
    # Its own marks and digits too, which it may share with others, such as the Arabic comma.
    of_script = {c for c in there if script_extension(c) & scripts and unicodedata.normalize("NFKC", c) == c}
    is_whole = len(of_script) <= MOST_LETTERS and any(map(_is_beyond_latin, given))
    chosen = given | set(map(chr, LATIN)) | (of_script if is_whole else set())
    taken = [first] if there >= set(map(chr, ASCII)) else [first, *others[:1]]
    faces = [subset([family], chosen - (there if family != first else set()), folder)[0] for family in taken]
    return Writing(first, _joined([folder / face.name for face in faces]), is_whole)


def _is_beyond_latin(letter: str) -> bool:
    """Whether a letter is none that programs which fill in fields take for Latin (Windows-1252)."""
    return letter.isalpha() and not letter.encode("cp1252", errors="ignore")


def _joined(files: list[Path]) -> bytes:
    """Return fonts as one, for one to type in: without what joins and moves letters, which no program does in a field.

    It says that it was made when the first of them was, and not now: the same fonts give the same bytes.
    """
    if len(files) == 1:
        return files[0].read_bytes()
    from fontTools.merge import Merger, Options
    from fontTools.ttLib import TTFont

    options = Options(drop_tables=["GDEF", "GPOS", "GSUB", "STAT", "name"])
    joined, written = Merger(options).merge([str(file) for file in files]), io.BytesIO()
    with TTFont(files[0]) as first:
        joined["head"].created, joined["head"].modified = first["head"].created, first["head"].modified
    joined.recalcTimestamp = False
    joined.save(written)
    return written.getvalue()


def subset(families: Iterable[str], characters: Iterable[str], folder: Path) -> tuple[Face, ...]:
    """Return a subset of every face of the families, made once for its font and characters, and kept in `folder`."""
    wanted = "".join(sorted(set(characters)))
    folder.mkdir(parents=True, exist_ok=True)
    faces = []
    for font in font_files(families):
        key = hashlib.sha256(f"{RECIPE}{file_digest(font.path)}{font.index}{wanted}".encode()).hexdigest()[
            :24
        ]
        faces.append(
            Face(font.family, font.weight, _kept(folder, key) or _keep(folder, key, _subset(font, wanted)))
        )
    return tuple(faces)


def _kept(folder: Path, key: str) -> str | None:
    """Return the name of a subset made earlier, if the file is still what it was: its name holds its digest."""
    for path in folder.glob(f"{key}-*.otf"):
        if path.name == _name(key, path.read_bytes()):
            return path.name
    return None


def _keep(folder: Path, key: str, data: bytes) -> str:
    """Write a subset whole and return its name."""
    name = _name(key, data)
    write_whole(folder / name, data)
    return name


def _name(key: str, data: bytes) -> str:
    """Return the name of a subset: its key, and a digest of both, so that no other font can stand in its place."""
    return f"{key}-{hashlib.sha256(key.encode() + data).hexdigest()[:16]}.otf"


_whole: dict[str, FontFile] = {}


def whole(families: Iterable[str]) -> tuple[Face, ...]:
    """Return every face of the families as it is, for text whose letters must leave no trace: nothing of it is kept on disk."""
    faces = []
    for font in font_files(families):
        name = f"{file_digest(font.path)[:24]}-{font.index}.whole"
        _whole[name] = font
        faces.append(Face(font.family, font.weight, name))
    return tuple(faces)


def read_face(name: str, folder: Path) -> bytes:
    """Return the file of a face by its name: a subset from `folder`, or a whole font of this machine."""
    if name not in _whole:
        return (folder / name).read_bytes()
    font = _whole[name]
    data = Path(font.path).read_bytes()
    return _single(font) if data.startswith(COLLECTION) else data


def _single(font: FontFile) -> bytes:
    """Return one font of a collection as a file of its own, its tables as they are."""
    from fontTools.ttLib import TTFont

    written = io.BytesIO()
    with TTFont(
        font.path, fontNumber=font.index, lazy=True, recalcTimestamp=False, recalcBBoxes=False
    ) as opened:
        opened.save(written, reorderTables=None)
    return written.getvalue()


def _subset(font: FontFile, characters: str) -> bytes:
    """Return the face cut down to the characters, its layout tables and names kept."""
    wish = hb.SubsetInput()
    # HarfBuzz decomposes some letters before it looks for glyphs, such as Thai SARA AM.
    wish.unicode_set.update(map(ord, characters + unicodedata.normalize("NFKD", characters)))
    # Every feature, not only the usual ones: shaping must be what it is in the whole font.
    wish.layout_feature_tag_set.clear()
    wish.layout_feature_tag_set.invert()
    wish.name_id_set.update(range(7))
    cut = bytes(hb.subset(_face(font), wish).blob.data)
    return _renumber(cut) if cut.startswith(b"OTTO") else cut


def _box(font: bytes) -> list[int]:
    """Return the box around the ink of all glyphs: left, foot, right, top. fontTools finds the same, in ten times the time."""
    face = hb.Face(font)
    ink = [box for box in map(hb.Font(face).get_glyph_extents, range(face.glyph_count)) if box and box.width]
    return [
        min((box.x_bearing for box in ink), default=0),
        min((box.y_bearing + box.height for box in ink), default=0),
        max((box.x_bearing + box.width for box in ink), default=0),
        max((box.y_bearing for box in ink), default=0),
    ]


def _renumber(font: bytes) -> bytes:
    """Return an OpenType font whose character ids, if it has any, are its glyph numbers.

    A page names glyphs by number, but a PDF reader must take that for a character id of the font (ISO 32000-1,
    9.7.4.2). The subset keeps the ids of the whole font, so the text is blank in readers that follow the standard.
    """
    from fontTools.ttLib import TTFont

    opened = TTFont(io.BytesIO(font), lazy=True, recalcTimestamp=False, recalcBBoxes=False)
    top = opened["CFF "].cff.topDictIndex[0]
    if not hasattr(top, "ROS"):
        return font
    top.FontBBox = _box(font)
    top.charset = [".notdef", *(f"cid{number:05}" for number in range(1, len(top.charset)))]
    top.CharStrings.charStrings = {name: number for number, name in enumerate(top.charset)}
    written = io.BytesIO()
    opened.save(written)
    return written.getvalue()
