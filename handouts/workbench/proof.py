"""The proof: every message of a handout beside its English, on paper, with room for remarks and a signature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from handouts.library.jobs import characters
from handouts.model import Block, Paper
from handouts.page import colours
from handouts.page.compose import environment
from handouts.page.values import Value
from handouts.page.writers import PrintWriter, write
from handouts.pdf import fonts
from handouts.problems import Problem, SourceError
from handouts.sources.load import Sources
from handouts.sources.translate import usable

MISSING, FUZZY = "not translated yet", "the English has changed; this is the old translation"


@dataclass(frozen=True)
class Order:
    """What proof is wanted: a handout for a region in a locale, on which paper."""

    locale: str
    handout: str
    region: str
    paper: Paper

    @property
    def file(self) -> str:
        """Return the name of the file, below the folder for proofs."""
        return f"{self.locale}/{self.handout}.{self.region}.proof.pdf"


class _Named(dict[str, Value]):
    """Values that are not known yet: each shows its own name."""

    def __missing__(self, name: str) -> Value:
        return Value(f"{{{name}}}", "ltr")


class _ProofWriter(PrintWriter):
    """HTML for a proof: citations and links say what they are, and lead nowhere."""

    def citation(self, mark: Any) -> str:
        return f"[{mark}]"

    def link(self, inner: str, href: str) -> str:
        return f"{inner} ({self.text(href)})"

    def value(self, value: Value) -> str:
        return f'<bdi dir="ltr">{self.text(value.text)}</bdi>'


class _Marks(dict[str, Any]):
    """Citations by the ids of their references, which a checker can look up."""

    def __missing__(self, name: str) -> str:
        return f"@{name}"


def proof(sources: Sources, order: Order, cache: Path) -> bytes:
    """Return the proof as PDF, with the tags of a bilingual page; `cache` is the folder of font subsets.

    Raises SourceError where the fonts lack a letter.
    """
    from handouts.pdf.render import render

    html = compose_proof(sources, order)
    families = _families(sources, order.locale)
    lost = fonts.missing_glyphs(html, families)
    if lost:
        what = f"its fonts have no glyph for {' '.join(lost[:10])}."
        where = f"locales/{order.locale}/locale.toml"
        raise SourceError([Problem("fonts-no-glyph", where, what, "Add a font that has it to “fonts”.")])
    faces = fonts.subset(families, {*characters(sources, order.locale, None), *html}, cache)
    return render(html, faces, cache, {}).data


def _families(sources: Sources, tag: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*sources.source.fonts, *sources.locales[tag].fonts)))


def compose_proof(sources: Sources, order: Order) -> str:
    """Return the HTML of a proof."""
    locale = sources.locales[order.locale]
    handout = sources.content.handout(order.handout, order.region)
    tokens = colours.load_tokens(sources.root)
    return (
        environment(sources.root)
        .get_template("proof.html")
        .render(
            handout=handout,
            locale=locale,
            region=handout.region.name.text,
            region_code=order.region,
            paper=order.paper,
            state=sources.state(order.handout, order.region, order.locale),
            digest=sources.text_digest(order.handout, order.region, order.locale),
            rows=[
                _row(sources, order.locale, block)
                for block in handout.blocks()
                if block.text and not block.optional
            ],
            families=_families(sources, order.locale),
            colours=colours.palette(tokens, "light"),
            created=f"{handout.edition}-01",
            css=lambda name: Markup((sources.root / "templates" / name).read_text(encoding="utf-8")),
        )
    )


def _row(sources: Sources, tag: str, block: Block) -> Mapping[str, Any]:
    """Return one line of the table."""
    message = sources.catalogs[tag].messages.get(block.id)
    there = message is not None and message.text
    remark = "" if usable(block, message) else FUZZY if there else MISSING
    return {
        "id": block.id,
        "note": block.note,
        "safety": block.safety,
        "english": Markup(write(block.text, _ProofWriter(sources.source), _Named(), _Marks())),
        "text": Markup(write(message.text, _ProofWriter(sources.locales[tag]), _Named(), _Marks()))
        if message and there
        else "",
        "remark": remark,
    }
