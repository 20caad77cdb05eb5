"""What these tests share: pages to read, made or built, and how a screen reader meets one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from outloud.model import Document

from handouts.breaks import with_breaks
from handouts.pdf import fonts
from handouts.pdf.render import render
from handouts.verify.words import clean
from tests.conftest import HANDOUTS, SPREAD

FILES = [f"{tag}/{handout}.pdf" for tag in SPREAD for handout in HANDOUTS]


# Letters and common clusters of scripts, most of which have no locale, so that the cure is not cut to one.
CLUSTERS = {
    "hi": ("Noto Sans Devanagari", "क ख नि त्र क्ष प्र र्म हिं कु रू ज़ ड़ श्री द्ध की मैं हो चाँ"),
    "bn": ("Noto Sans Bengali", "ক খি ত্র ক্ষ প্র র্ম কু রূ শ্রী দ্ধ কী মৈ হো চাঁ"),
    "ta": ("Noto Sans Tamil", "க கி கீ கு கூ கெ கே கை கொ கோ கௌ க் ஸ்ரீ ண னு ஜ"),
    "km": ("Noto Sans Khmer", "ក ខ្មែ រ ស្រី ជ្រៅ ត្រូ វ៉ា ដើ ម ចំ ណុច កោះ"),
    "my": ("Noto Sans Myanmar", "မ န် ကြ က္က မြို့ ပြု ရှိ တွေ့ လုံ ခြုံ ဖြ"),
    "th": ("Noto Sans Thai", "ก ที่ นี่ ป่า น้ำ ใจ เรา โต ไม่ ผู้ ซึ่ง เพื่อ"),
    "pa": ("Noto Sans Gurmukhi", "ਕ ਖਿ ਗੀ ਪ੍ਰ ਸ੍ਹ ਕੁ ਕੂ ਮੈਂ ਹੋ ਚਾਂ ਜ਼ ੴ"),
    "ar": ("Noto Naskh Arabic", "ب لا لأ ـه محم كُ رَّ دً ا ة ي ئ سلم ثق"),
    "fa": ("Noto Naskh Arabic", "پ چ گ ژ ک ی ه لا خو مُ شد‌ه بر"),
    "ur": ("Noto Nastaliq Urdu", "پ ٹ ڈ ڑ ے ہ ں گ چھ یہ کہ بھ لی ئی نے"),
    "he": ("Noto Sans Hebrew", "ב ג שלום ך ם ןץ ף אנ חנו"),
    "vi": ("Noto Sans", "ế ở ườ ngh ẫ ụ ă ỹ đ fi ffl AV To"),
    "ja": ("Noto Sans CJK JP", "直 骨 っ ゃ ー カ を き ば ぱ 対人 海"),
}


def page_of_lines(lines: list[str], tag: str, family: str, folder: Path) -> Path:
    """Return a PDF of some lines in a family, made as handouts are."""
    text = "".join(lines) + "0123456789.•"
    faces = fonts.subset((family, "Noto Sans"), text, folder)
    body = "".join(f"<p>{with_breaks(line, tag)}</p>" for line in lines)
    way = "rtl" if tag in {"ar", "fa", "ur", "he"} else "ltr"
    style = f"font: 16pt '{family}', 'Noto Sans'; line-height: 2.6"
    html = f'<html lang="{tag}" dir="{way}"><title>x</title><body style="{style}">{body}</body></html>'
    file = folder / "page.pdf"
    file.write_bytes(render(html, faces, folder, {}).data)
    return file


@dataclass(frozen=True)
class Spoken:
    """A piece of text as a screen reader meets it: the tags above it, its language, its words."""

    roles: tuple[str, ...]
    language: str
    text: str


def read_aloud(path: Path) -> list[Spoken]:
    """Return everything that is tagged, in the order of the tag tree."""
    document = Document(str(path))
    words: dict[tuple[int, int], str] = {}
    for number in range(len(document.pages)):
        for run in document.content(number).runs:
            if run.mcid is not None and not run.artifact:
                words[number, run.mcid] = words.get((number, run.mcid), "") + run.text
    root = document.pdf.Root

    def visit(tag: Any, roles: tuple[str, ...], language: str, at: int) -> Iterator[Spoken]:
        roles, language = (*roles, str(tag.S)[1:]), str(tag.get("/Lang", language))
        at = document.page_index[tag.Pg.objgen] if "/Pg" in tag else at
        for kid in tag.K:
            if isinstance(kid, int):
                yield Spoken(roles, language, clean(words.get((at, kid), "")))
            elif kid.get("/Type") == "/MCR":
                yield Spoken(
                    roles, language, clean(words.get((document.page_index[kid.Pg.objgen], kid.MCID), ""))
                )
            elif "/S" in kid:
                yield from visit(kid, roles, language, at)

    found = list(visit(root.StructTreeRoot.K[0], (), str(root.Lang), 0))
    assert len(found) > 50
    return found


def tags(pdf: pikepdf.Pdf) -> list[Any]:
    """Return every tag, parents first."""

    def visit(tag: Any) -> Iterator[Any]:
        yield tag
        for kid in tag.K:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from visit(kid)

    return list(visit(pdf.Root.StructTreeRoot.K[0]))
