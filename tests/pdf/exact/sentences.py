"""Random right-to-left sentences: words, Latin words, both kinds of digits, brackets, quotes, dates, phone numbers."""

from __future__ import annotations

import random
from pathlib import Path

from handouts.breaks import with_breaks
from handouts.pdf import fonts
from handouts.pdf.render import render
from handouts.verify import words

NASKH, HEBREW, THAANA = "Noto Naskh Arabic", "Noto Sans Hebrew", "Noto Sans Thaana"
# By locale: the family, the digit nought of its own ("" where there are none), its comma, semicolon, question mark, words.
LOCALES = {
    "ar": (NASKH, "٠", "،؛؟", "العلاج مفيد لك في عام تدوم دقيقة من شخصًا ليلًا نسبة أسبوعا و هل ثم لا الأشخاص"),
    "fa": (NASKH, "۰", "،؛؟", "درمان میان فردی شما می‌تواند هفته را و در سال بگیرید خانه‌ها مُهر روحیهٔ"),
    "ur": (NASKH, "۰", "،؛؟", "علاج آپ کے لیے ہے میں سے اور ہفتے نہیں ٹھیک ڈاکٹر لیں تقریباً"),
    "ps": (NASKH, "۰", "،؛؟", "درملنه ستاسو لپاره ده په کې ښه ځای څو اونۍ ډاکټر ته ووایئ"),
    "ckb": (NASKH, "٠", "،؛؟", "چارەسەر بۆ تۆ لە ساڵی خولەک پەیوەندی بکە بە ڕێگای هەفتە ئێستا"),
    "ug": (NASKH, "", "،؛؟", "داۋالاش سىز ئۈچۈن ياخشى بىر ھەپتە تېلېفون قىلىڭ ئۇ ۋە"),
    "he": (HEBREW, "", ",;?", "טיפול זה יעזור לך בשנת דקות התקשרו או מתוך גם שָׁלוֹם לָכֶם שֶׁלָּכֶם"),
    "dv": (THAANA, "", "،؛؟", "ފަރުވާ އަށް ދެވޭ މީހުން އަހަރު މިނެޓް ގުޅާލާ މިހާރު އަދި"),
}
LATIN = [
    "IPT",
    "COVID-19",
    "B12",
    "12B",
    "IPT/CBT",
    "NG222",
    "doi.org",
    "example.org",
    "Interpersonal",
    "A",
    "nice.org.uk/ng222",
    "e-mail",
    "x@y.org",
]
NAMES = ("Better Access", "Beyond Blue", "Am J Psychiatry")
PHONES = ("13 11 14", "0477 13 11 14", "+61 477 13 11 14", "555-0100", "(02) 5550 0100", "1800 55 1800")
PAIRS = ("()", "«»", '""', "[]", "“”", "‘’")
# How often each kind of piece stands in a sentence: many kinds in one, or hardly any Latin, as in most lines.
MIXED, CALM = (11, 3, 1, 1, 4), (12, 1, 0, 0, 2)
ISOLATE, END = "\x01", "\x02"  # around what stands in an element of its own direction, as values do


def sentence(tag: str, chance: random.Random) -> str:
    """Return a random sentence in a locale."""
    _, _, marks, known = LOCALES[tag]
    comma, semicolon, question = tuple(marks)
    kinds = chance.choice((MIXED, CALM))
    found = [chance.choice(known.split())]
    for _ in range(chance.randint(2, 7)):
        piece = _piece(tag, chance, kinds)
        if chance.random() < 0.12:
            opening, closing = tuple(chance.choice(PAIRS))
            piece = (
                opening
                + " ".join([piece, *(_piece(tag, chance, kinds) for _ in range(chance.randint(0, 2)))])
                + closing
            )
        piece += chance.choice(["", "", "", "", "", "", comma, semicolon, ":", f"[{chance.randint(1, 12)}]"])
        found.append(piece)
    return " ".join(found) + chance.choice([".", ".", question, "!", ""])


def _piece(tag: str, chance: random.Random, weights: tuple[int, ...]) -> str:
    kinds = (
        lambda: chance.choice(LOCALES[tag][3].split()),
        lambda: chance.choice(LATIN),
        lambda: chance.choice(NAMES),
        lambda: f"{ISOLATE}{chance.choice(PHONES)}{END}",
        lambda: _number(LOCALES[tag][1], chance),
    )
    return chance.choices(kinds, weights)[0]()


def _number(nought: str, chance: random.Random) -> str:
    """Return a number, a share, a date or a span, half of them in the digits of the locale."""
    own = bool(nought) and chance.random() < 0.5
    said = chance.choice(
        [
            str(chance.randint(1, 2030)),
            chance.choice(["11", "22", "111"]),
            f"{chance.randint(1, 9)}.{chance.randint(1, 9)}",
            f"{chance.randint(1, 99)}{'٪' if own else '%'}",
            f"{chance.randint(10, 19)}{'٬' if own else ','}{chance.randint(100, 999)}",
            f"{chance.randint(1, 28)}/{chance.randint(1, 12)}/{chance.randint(2020, 2030)}",
            f"{chance.randint(1, 9)}–{chance.randint(10, 20)}",
            "2026-11",
        ]
    )
    return said.translate({48 + n: chr(ord(nought) + n) for n in range(10)}) if own else said


def plain(text: str) -> str:
    """Return a sentence as it is read: white space folded, without marks of direction."""
    return words.clean(text.replace(ISOLATE, "").replace(END, ""))


def page_of_sentences(lines: list[str], tag: str, folder: Path) -> Path:
    """Return a PDF of sentences of one of the locales, each on a line of its own."""
    return page_of(lines, tag, LOCALES[tag][0], folder)


def page_of(lines: list[str], tag: str, family: str, folder: Path) -> Path:
    """Return a PDF of right-to-left lines in a family."""
    faces = fonts.subset((family, "Noto Sans"), "".join(map(plain, lines)) + "0123456789", folder)
    file = folder / "page.pdf"
    file.write_bytes(render(html_of(lines, tag, family), faces, folder, {}).data)
    return file


def html_of(lines: list[str], tag: str, family: str) -> str:
    """Return the HTML of right-to-left lines in a family, on a page so wide that each keeps to one line."""
    body = "".join(f"<p>{with_breaks(line, tag)}</p>" for line in lines)
    body = body.replace(ISOLATE, '<bdi dir="ltr">').replace(END, "</bdi>")
    # With a number at the foot of each page, as handouts have: where poppler needs marks to take the page for a right-to-left one,
    # they stand there; at the right, for pdfium takes a page for one of upright lines of which a fifth of the width is empty.
    style = f"<style>@page {{ size: 600mm 297mm; @bottom-right {{ content: element(foot); text-align: right }} }} .foot {{ position: running(foot) }} i::before {{ content: counter(page) }} body {{ font: 14pt '{family}', 'Noto Sans'; line-height: 2 }}</style>"
    return f'<html lang="{tag}" dir="rtl"><title>x</title>{style}<body><p class=foot><i></i></p>{body}</body></html>'


def lost(lines: list[str], found: list[str]) -> list[str]:
    """Return the sentences that do not come back as they were written, in the texts of a PDF's pages."""
    text = f" {words.clean(' '.join(found))} "
    return [line for line in map(plain, lines) if f" {line} " not in text]
