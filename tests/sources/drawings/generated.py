"""Made-up SVG files for the laws of drawings: near what programs write, and near what breaks them."""

from __future__ import annotations

from hypothesis import strategies as st

NUMBERS = st.one_of(
    st.integers(-50, 90).map(str),
    st.sampled_from(
        ["0", "-0", "1e-9", "1E3", ".5", "5.", "+3", "1e7", "1e8", "1e400", "nan", "inf", "50%", "3mm", "2em", "1.5.5", "-", ""]
    ),
    st.floats(-100, 100).map(lambda value: f"{value:.3g}"),
)  # fmt: skip
PATHS = st.lists(
    st.one_of(st.sampled_from(list("MmLlHhVvCcSsQqTtAaZz, ")), NUMBERS, st.sampled_from(["0 0 1", "01"])),
    max_size=20,
).map(lambda parts: "M0 0" + " ".join(parts))
GOOD_PATHS = st.sampled_from(
    [
        "M3 5h20v9H4z",
        "M0 0q9 9 9 0t9 0T30 9",
        "M0 0C1 2 3 4 5 6S7 8 9 9s1 1 2 2z m3 3l4 4",
        "M5 5A9 4 30 1 0 20 20a3 3 0 01.5.5",
        "M9 9",
        "M9 9zzL3 3",
        "M1 1 1 1",
        "M0 0H40",
    ]
)
IDS = st.sampled_from(["a", "b", "c", "d", "missing", "a b", '"', "ä"])
TRANSFORMS = st.sampled_from(
    ["", "none", "translate(3)", "rotate(30 5,5)", "scale(0)", "scale(-1 2)", "skewX(89.99999999)", "matrix(1 2 3 4 5 6)",
     "matrix(1 2 2 4 0 0)", "scale(1e-6)", "scale(1e6)", "rotate(x)", "translate(3px,4px) rotate(5deg)"]
)  # fmt: skip
PAINTS = st.one_of(
    IDS.map(lambda key: f"url(#{key})"),
    st.sampled_from(
        ["none", "red", "#abc", "#abcd", "#12345678", "rgb(1,2,3)", "rgba(10%,20%,30%,.4)", "hsl(20 30% 40%)", "currentColor",
         "inherit", "transparent", "lab(50 2 3)", "color(display-p3 1 0 0)", "url(#a) red", "url(x)", "context-fill", "#ff", "\\72 ed", ""]
    ),
)  # fmt: skip
VALUES: dict[str, st.SearchStrategy[str]] = {
    "d": st.one_of(PATHS, GOOD_PATHS),
    "points": st.lists(NUMBERS, max_size=9).map(" ".join),
    "transform": TRANSFORMS,
    "gradientTransform": TRANSFORMS,
    "fill": PAINTS,
    "stroke": PAINTS,
    "color": PAINTS,
    "stop-color": PAINTS,
    "clip-path": PAINTS,
    "mask": PAINTS,
    "href": IDS.map(lambda key: f"#{key}"),
    "id": IDS,
    "class": st.sampled_from(["x", "y", "x y"]),
    "viewBox": st.sampled_from(["0 0 9 9", "-5 -5 40 20", "0 0 0 0", "0,0,1e-5,3", "1 2 3"]),
    "preserveAspectRatio": st.sampled_from(["none", "xMidYMid slice", "xMinYMax meet", "x"]),
    "gradientUnits": st.sampled_from(["userSpaceOnUse", "objectBoundingBox"]),
    "clipPathUnits": st.sampled_from(["userSpaceOnUse", "objectBoundingBox"]),
    "maskUnits": st.sampled_from(["userSpaceOnUse", "objectBoundingBox"]),
    "stroke-dasharray": st.lists(NUMBERS, max_size=4).map(",".join),
    "fill-rule": st.sampled_from(["evenodd", "nonzero", "odd"]),
    "stroke-linejoin": st.sampled_from(["miter", "round", "bevel", "arcs"]),
    "display": st.sampled_from(["none", "inline"]),
    "visibility": st.sampled_from(["hidden", "visible"]),
    **dict.fromkeys(
        ("x", "y", "width", "height", "cx", "cy", "r", "rx", "ry", "x1", "y1", "x2", "y2", "fx", "fy", "fr", "offset",
         "opacity", "fill-opacity", "stop-opacity", "stroke-width", "stroke-miterlimit", "stroke-dashoffset"),
        NUMBERS,
    ),
}  # fmt: skip
TAGS = (
    "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "use", "svg", "defs", "symbol", "clipPath",
    "mask", "linearGradient", "radialGradient", "stop", "title", "style", "x:y", "filter", "text",
)  # fmt: skip


LENGTHS = st.one_of(st.integers(0, 40).map(str), st.sampled_from(["0.5", "50%", "3mm", "1e-3", "0"]))
SHARES = st.sampled_from(["0", "1", ".5", "30%"])
REFERRED = st.sampled_from(["a", "b", "c", "d"])
# Nothing that is refused for itself; what it refers to may still be missing, of another kind, or around it.
GOOD: dict[str, st.SearchStrategy[str]] = {
    **dict.fromkeys(VALUES, LENGTHS),
    **dict.fromkeys(("offset", "opacity", "fill-opacity", "stop-opacity"), SHARES),
    "d": GOOD_PATHS,
    "points": st.sampled_from(["1 2 3 4", "1,2 3,4 5,6", "", "9 9"]),
    "transform": st.sampled_from(
        ["translate(3)", "rotate(30 5,5)", "scale(0)", "scale(-1 2)", "matrix(1 2 3 4 5 6)"]
    ),
    "fill": st.one_of(REFERRED.map("url(#{}) red".format), st.sampled_from(["none", "#123", "currentColor"])),
    "stroke": st.sampled_from(["none", "#123", "currentColor", "rgba(1,2,3,.5)"]),
    "color": st.just("#456"),
    "stop-color": st.sampled_from(["red", "#1234"]),
    "href": REFERRED.map("#{}".format),
    "id": REFERRED,
    "class": VALUES["class"],
    "viewBox": st.sampled_from(["0 0 9 9", "-5 -5 40 20"]),
    "preserveAspectRatio": st.sampled_from(["none", "xMidYMid slice", "xMinYMax meet"]),
    "gradientUnits": VALUES["gradientUnits"],
    "maskUnits": VALUES["maskUnits"],
    "stroke-dasharray": st.sampled_from(["3,4", "none", "2"]),
    "fill-rule": st.just("evenodd"),
    "stroke-linejoin": st.sampled_from(["miter", "round", "bevel"]),
    "stroke-miterlimit": st.just("9"),
    "visibility": VALUES["visibility"],
}
GOOD["gradientTransform"] = GOOD["transform"]
for name in ("clip-path", "mask", "clipPathUnits", "display"):
    del GOOD[name]
GOOD_TAGS = (
    "g",
    "path",
    "path",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polygon",
    "use",
    "svg",
    "symbol",
    "defs",
)
KEPT = """
<linearGradient id="a" {0}><stop offset="0.2" stop-color="red"/><stop offset="1" stop-opacity=".4"/></linearGradient>
<radialGradient id="b" href="#a" {1}/>
<clipPath id="e"><rect {2}/><path d="M1 1H20V9"/></clipPath>
<mask id="f"><circle r="9" fill="white" transform="translate(9 9)"/></mask>
<g clip-path="url(#e)" mask="url(#f)"><path d="M1 1H20V20" fill="url(#b)"/></g>
"""


def escaped(text: str) -> str:
    """Return a text as it stands in an attribute."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


@st.composite
def attributes(draw: st.DrawFn, values: dict[str, st.SearchStrategy[str]]) -> str:
    """Make up attributes, or a style of them."""
    names = draw(st.lists(st.sampled_from(sorted(values)), max_size=6, unique=True))
    given = {name: draw(values[name]) for name in names}
    if draw(st.booleans()):
        return " ".join(f'{name}="{escaped(value)}"' for name, value in given.items())
    style = ";".join(f"{name}:{value}" for name, value in given.items())
    return f'style="{escaped(style)}"'


def trees(tags: tuple[str, ...], given: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Make up elements in elements."""

    def element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.builds(
            lambda tag, told, inside: f"<{tag} {told}>{''.join(inside)}</{tag}>",
            st.sampled_from(tags),
            given,
            st.lists(children, max_size=4),
        )

    return st.recursive(element(st.just("")), element, max_leaves=20)


def whole(inside: list[str], kept: str = "") -> bytes:
    """Return a file of elements, with a shape and a style sheet."""
    sheet = "<style>.x{fill:red} path.y,#a{stroke:blue;stroke-width:2}</style>"
    head = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="urn:x" viewBox="0 0 40 30"><path d="M1 1H9V9Z"/>'
    return f"{head}{kept}{''.join(inside)}{sheet}</svg>".encode()


WILD = st.lists(trees(TAGS, attributes(VALUES)), min_size=1, max_size=5).map(whole)
TAME = st.builds(
    lambda inside, told: whole(inside, KEPT.format(*told)),
    st.lists(trees(GOOD_TAGS, attributes(GOOD)), min_size=1, max_size=5),
    st.tuples(
        *(
            attributes({k: GOOD[k] for k in names})
            for names in (
                ("gradientTransform", "x1", "y1", "x2", "y2"),
                ("gradientTransform", "cx", "cy", "r", "fx", "fy"),
                ("width", "height", "rx", "transform"),
            )
        )
    ),
)
DRAWINGS = st.one_of(WILD, TAME)
