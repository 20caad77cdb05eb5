"""Files that are made to hang, to fetch, to run or to vanish: each with the code of the problem that is told."""

from __future__ import annotations

import gzip
import io
import struct
import zlib

from PIL import Image

SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def svg(content: str, *, attributes: str = 'viewBox="0 0 40 40"', before: str = "") -> bytes:
    """Return an SVG file with a shape in it, so that what is refused is the rest."""
    return f"{before}<svg {SVG} {attributes}><rect width='9' height='9'/>{content}</svg>".encode()


def laughs(levels: int, width: int) -> str:
    """Return groups that use each other: `width` to the power of `levels` shapes."""
    rows = ["<g id='l0'><path d='M0 0H1V1Z'/></g>"]
    for level in range(1, levels + 1):
        uses = f"<use xlink:href='#l{level - 1}'/>" * width
        rows.append(f"<g id='l{level}'>{uses}</g>")
    return f"<defs>{''.join(rows)}</defs><use href='#l{levels}'/>"


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *, more: bytes = b"", pixels: bytes = b"\0\0") -> bytes:
    """Return a PNG of grey pixels that says it has a size, whatever it holds."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(pixels))
    return b"\x89PNG\r\n\x1a\n" + head + more + body + chunk(b"IEND", b"")


def picture(form: str, size: tuple[int, int] = (60, 60), mode: str = "RGB", **options: object) -> bytes:
    """Return a real picture."""
    written = io.BytesIO()
    Image.new(mode, size, "red" if mode != "P" else 1).save(written, form, **options)
    return written.getvalue()


ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<!DOCTYPE svg [<!ENTITY l0 "lol">{ENTITIES}]>'
GRADIENT = "<linearGradient id='g' {}><stop/><stop offset='1' stop-color='red'/></linearGradient>"

HOSTILE: dict[str, tuple[bytes, str]] = {
    # The machine: time and memory
    "entities, a billion laughs": (svg("<desc>&l11;</desc>", before=BOMB), "drawing-declares-entities"),
    "entities, one long one often": (
        svg("&a;" * 5000, before=f'<!DOCTYPE svg [<!ENTITY a "{"x" * 50000}">]>'),
        "drawing-declares-entities",
    ),
    "entities in a document type with quotes": (
        svg("&a;", before='<!DOCTYPE svg PUBLIC "]>" \'[\' [<!ENTITY a "b">]>'),
        "drawing-declares-entities",
    ),
    "entities of a file": (
        svg("<desc>&e;</desc>", before='<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
        "drawing-declares-entities",
    ),
    "entities by a parameter of another file": (
        svg("", before='<!DOCTYPE svg [<!ENTITY % p SYSTEM "http://example.org/x.dtd"> %p;]>'),
        "drawing-declares-entities",
    ),
    "an attribute given by the document type": (
        svg("", before='<!DOCTYPE svg [<!ATTLIST rect onclick CDATA "x()">]>'),
        "drawing-declares-entities",
    ),
    "an entity that nobody declares": (svg("<path d='&nbsp;'/>"), "invalid-xml"),
    "a document type that does not end": (b"<!DOCTYPE svg " + b"'x' " * 100_000, "invalid-xml"),
    "comments that do not end": (b"<!--" * 120_000, "invalid-xml"),
    "instructions that do not end": (b"<?x" * 160_000, "invalid-xml"),
    "use of use of use": (svg(laughs(12, 10)), "drawing-too-large"),
    "use of use, without a shape": (svg(laughs(12, 10).replace("M0 0H1V1Z", "")), "drawing-too-large"),
    "use of itself": (svg("<g id='a'><use href='#a'/></g>"), "drawing-contains-itself"),
    "use of one another": (svg("<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>"), "drawing-contains-itself"),
    "clip paths of clip paths": (
        svg("".join(f"<clipPath id='c{n}' clip-path='url(#c{n + 1})'><rect width='9' height='9'/></clipPath>" for n in range(99)) + "<rect clip-path='url(#c0)' width='9' height='9'/>"),
        "drawing-contains-itself",
    ),
    "a clip path of itself": (
        svg("<clipPath id='c' clip-path='url(#c)'><rect width='9' height='9'/></clipPath><rect clip-path='url(#c)' width='9' height='9'/>"),
        "drawing-contains-itself",
    ),
    "a heavy clip path for every shape": (
        svg("<clipPath id='c'>" + "<rect width='9' height='9'/>" * 1000 + "</clipPath>" + "<path clip-path='url(#c)' d='M0 0H9V9Z'/>" * 1000),
        "drawing-too-large",
    ),
    "a gradient of itself": (svg("<linearGradient id='g' href='#g'/><rect fill='url(#g)' width='9' height='9'/>"), "drawing-contains-itself"),
    "gradients of gradients": (
        svg("".join(f"<linearGradient id='g{n}' href='#g{n + 1}'/>" for n in range(500)) + "<rect fill='url(#g0)' width='9' height='9'/>"),
        "drawing-contains-itself",
    ),
    "a gradient that repeats without end": (
        svg(GRADIENT.format("spreadMethod='repeat' x2='1e-9'") + "<rect fill='url(#g)' width='9' height='9'/>"),
        "drawing-not-plain",
    ),
    "a gradient of ten thousand stops": (
        svg(f"<linearGradient id='g'>{'<stop/>' * 10_000}</linearGradient><rect fill='url(#g)' width='9' height='9'/>"),
        "drawing-too-large",
    ),
    "groups in groups": (svg("<g>" * 20_000 + "</g>" * 20_000), "drawing-too-deep"),
    "groups in groups, fewer": (svg("<g>" * 60 + "<path d='M0 0H1'/>" + "</g>" * 60), "drawing-too-deep"),
    "see-through groups in groups": (
        svg("<g opacity='.9'>" * 38 + "<path d='M0 0H1V1Z'/>" * 4000 + "</g>" * 38),
        "drawing-too-large",
    ),
    "twenty thousand shapes": (svg("<path d='M0 0H1V1Z'/>" * 20_000), "drawing-too-large"),
    "a file of two megabytes": (svg(" " * 2_000_000), "drawing-too-large"),
    "a path of a megabyte": (svg(f"<path d='M0 0{'h1v1' * 60_000}'/>"), "drawing-too-large"),
    "many long paths": (svg(f"<path d='M0 0{'h1v1' * 20_000}'/>" * 6), "drawing-too-large"),
    "a path of nothing but arcs": (svg(f"<path d='M0 0{'a1 1 0 0 1 1 1' * 7_000}'/>" * 4), "drawing-too-large"),
    "a path that WeasyPrint reads for ever": (svg("<path d='M0 0Z 9'/>"), "drawing-invalid-value"),
    "a path with half a point": (svg("<path d='M0 0L9'/>"), "drawing-invalid-value"),
    "a path that begins with a line": (svg("<path d='L9 9'/>"), "drawing-invalid-value"),
    "a path with a word": (svg("<path d='M0 0 foo L1 1'/>"), "drawing-invalid-value"),
    "a path to infinity": (svg("<path d='M0 0L1e999 1'/>"), "drawing-invalid-value"),
    "a path far off": (svg("<path d='M0 0L1e30 1'/>"), "drawing-invalid-value"),
    "a path with a number of a hundred thousand digits": (svg(f"<path d='M0 0L{'1' * 90_000} 1'/>"), "drawing-invalid-value"),
    "an arc that no float can hold": (svg("<path d='M0 0A1e300 1e-300 0 1 1 9e99 9'/>"), "drawing-invalid-value"),
    "not-a-number": (svg("<circle r='nan'/>"), "drawing-invalid-value"),
    "digits of another script": (svg("<circle r='٣'/>"), "drawing-invalid-value"),
    "brackets in a colour": (svg(f"<path d='M0 0H1' fill='{'(' * 90_000}'/>"), "drawing-invalid-value"),
    "brackets in a style": (svg(f"<path d='M0 0H1' style='fill:{'(' * 90_000}'/>"), "drawing-invalid-value"),
    "brackets in a transform": (svg(f"<path d='M0 0H1' transform='{'rotate(' * 1000}'/>"), "drawing-invalid-value"),
    "transforms in a row": (svg(f"<path d='M0 0H1' transform='{'scale(9)' * 1000}'/>"), "drawing-invalid-value"),
    "comments in a style that do not end": (svg(f"<style>{'/*' * 200_000}</style><path d='M0 0H1' style='fill:url'/>"), "drawing-refers-outside"),
    "rules without end": (svg(f"<style>{'.a{fill:red}' * 30_000}</style>"), "drawing-too-large"),
    "rules for everything, everywhere": (
        svg("<style>" + "*{fill:red}" * 1_900 + "</style>" + "<path d='M0 0H1'/>" * 5_000),
        "drawing-too-large",
    ),
    "dashes finer than ink": (svg("<path d='M0 0H40' stroke='red' stroke-dasharray='1e-7'/>"), "drawing-not-plain"),
    "a viewBox of nothing": (svg("", attributes='viewBox="0 0 0 0"'), "drawing-no-size"),
    "a viewBox of less": (svg("", attributes='viewBox="0 0 -9 9"'), "drawing-no-size"),
    "a viewBox of three": (svg("", attributes='viewBox="0 0 9"'), "drawing-invalid-value"),
    "a viewBox like a line": (svg("", attributes='viewBox="0 0 9000 1"'), "drawing-no-size"),
    "no size at all": (svg("", attributes='width="100%"'), "drawing-no-size"),
    # The world outside
    "a script": (svg("<script>alert(1)</script>"), "drawing-active"),
    "a script where nothing is drawn": (svg("<defs><script href='x.js'/></defs>"), "drawing-active"),
    "a script of HTML": (svg("<h:script xmlns:h='http://www.w3.org/1999/xhtml'/>"), "drawing-active"),
    "an event": (svg("<path d='M0 0H1' onload='x()'/>"), "drawing-active"),
    "an event in capitals": (svg("<path d='M0 0H1' OnClick='x()'/>"), "drawing-active"),
    "HTML inside": (svg("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>"), "drawing-active"),
    "an animation": (svg("<rect width='9' height='9'><animate attributeName='x' to='9'/></rect>"), "drawing-active"),
    "a picture from elsewhere": (svg("<image href='http://example.org/x.png'/>"), "drawing-not-plain"),
    "a picture within": (svg("<image href='data:image/png;base64,AAAA'/>"), "drawing-not-plain"),
    "a link": (svg("<a href='http://example.org'><path d='M0 0H1'/></a>"), "drawing-not-plain"),
    "words": (svg("<text x='1' y='9'>Klinik</text>"), "drawing-not-plain"),
    "an unheard-of element": (svg("<Path d='M0 0H1'/>"), "drawing-not-plain"),
    "use from elsewhere": (svg("<use href='http://example.org/x.svg#a'/>"), "drawing-refers-outside"),
    "use of a file": (svg("<use xlink:href='file:///etc/passwd#a'/>"), "drawing-refers-outside"),
    "use of data": (svg("<use href='data:image/svg+xml,x#a'/>"), "drawing-refers-outside"),
    "use of what is not there": (svg("<use href='#a'/>"), "drawing-unknown-reference"),
    "a fill from elsewhere": (svg("<path d='M0 0H1' fill='url(http://example.org#a)'/>"), "drawing-refers-outside"),
    "a fill from elsewhere, in capitals": (svg("<path d='M0 0H1' fill='URL(http://example.org#a)'/>"), "drawing-refers-outside"),
    "a fill from elsewhere, in white space": (svg("<path d='M0 0H1' fill=' url(&#10; file:///x )'/>"), "drawing-refers-outside"),
    "a fill from elsewhere, by escapes": (svg(r"<path d='M0 0H1' style='fill:\75rl(file:///x)'/>"), "drawing-refers-outside"),
    "a fill from elsewhere, by entities": (svg("<path d='M0 0H1' fill='&#117;rl(file:///etc/passwd)'/>"), "drawing-refers-outside"),
    "a fill from elsewhere, in a comment": (svg("<path d='M0 0H1' style='fill:u/**/rl(x)'/>"), "drawing-invalid-value"),
    "a fill of data": (svg("<path d='M0 0H1' style='fill:url(data:image/png;base64,AAAA)'/>"), "drawing-invalid-style"),
    "a fill with a quote in its id": (svg("<path d='M0 0H1' fill='url(#a&quot;)'/>"), "drawing-refers-outside"),
    "a name by escapes": (svg(r"<path d='M0 0H1' style='\66ill:red'/>"), "drawing-invalid-style"),
    "a style sheet from elsewhere": (svg("<style>@import url(http://example.org/x.css);</style>"), "drawing-invalid-style"),
    "a font from elsewhere": (svg("<style>@font-face{font-family:x;src:url(x.ttf)}</style>"), "drawing-invalid-style"),
    "rules for what stands in something": (svg("<style>g path{fill:red}</style>"), "drawing-invalid-style"),
    "an instruction to fetch a style": (b'<?xml-stylesheet href="http://example.org/x.css"?>' + svg("<text>x</text>"), "drawing-not-plain"),
    "a filter": (svg("<filter id='f'/><path d='M0 0H1' filter='url(#f)'/>"), "drawing-not-plain"),
    "a pattern": (svg("<pattern id='p'/><path d='M0 0H1' fill='url(#p)'/>"), "drawing-not-plain"),
    "a mask of grey": (
        svg("<mask id='m'><rect width='9' height='9' fill='#888'/></mask><path d='M0 0H1' mask='url(#m)'/>"),
        "drawing-not-plain",
    ),
    # What is no drawing
    "nothing": (b"", "empty-file"),
    "white space": (b" \n ", "empty-file"),
    "nothing drawn": (f"<svg {SVG} viewBox='0 0 9 9'><g/></svg>".encode(), "drawing-empty"),
    "all of it hidden": (f"<svg {SVG} viewBox='0 0 9 9' display='none'><path d='M0 0H1' visibility='hidden'/></svg>".encode(), "drawing-empty"),
    "half a file": (svg("")[:-9], "invalid-xml"),
    "two roots": (svg("") + svg(""), "invalid-xml"),
    "no namespace": (b"<svg viewBox='0 0 9 9'><path d='M0 0H1'/></svg>", "drawing-not-svg"),
    "a prefix that nobody declares": (b"<s:svg viewBox='0 0 9 9'/>", "invalid-xml"),
    "another namespace": (b"<s:svg xmlns:s='urn:x'/>", "drawing-not-svg"),
    "a web page": (b"<!DOCTYPE html><html><body>404</body></html>", "drawing-not-svg"),
    "not UTF-8": (svg("").replace(b"<rect", b"<!-- \xe4 --><rect"), "file-not-utf8"),
    "half of UTF-16": ("\ufeff<svg/>".encode("utf-16-le")[:-1], "file-not-utf8"),
    "a zero": (svg("\0"), "invalid-xml"),
    "words that nobody marked": (b"this is our logo", "picture-kind-not-allowed"),
    "compressed": (gzip.compress(svg("")), "picture-kind-not-allowed"),
    "a PDF": (b"%PDF-1.7\n", "picture-kind-not-allowed"),
    "a JPEG, named .svg": (picture("JPEG"), "picture-misnamed"),
    "a PNG, named .svg": (picture("PNG"), "picture-misnamed"),
}  # fmt: skip

PIXELS: dict[str, tuple[bytes, str]] = {
    "a bomb of pixels": (png(60_000, 60_000), "picture-too-large"),
    "a smaller bomb": (png(4_001, 4_000), "picture-too-large"),
    "the largest number there is": (png(2**31 - 1, 2**31 - 1), "picture-too-large"),
    "no pixels": (png(0, 0), "picture-broken"),
    "fewer pixels than it says": (png(4_000, 4_000, pixels=b"\0" * 10), "picture-broken"),
    "a bomb of text": (png(60, 60, more=chunk(b"zTXt", b"x\0\0" + zlib.compress(b"0" * 50_000_000))), "picture-broken"),
    "a bomb of a profile": (png(60, 60, more=chunk(b"iCCP", b"x\0\0" + zlib.compress(b"0" * 50_000_000)), pixels=b"\0" * 3660), "picture-broken"),
    "half a picture": (picture("PNG", (400, 400))[:200], "picture-broken"),
    "an icon": (picture("PNG", (16, 16)), "picture-too-small"),
    "a file of six megabytes": (picture("PNG") + b"\0" * 6_000_000, "picture-too-large"),
    "a profile of nonsense": (picture("PNG", icc_profile=b"nonsense" * 100), "picture-invalid-profile"),
}  # fmt: skip
