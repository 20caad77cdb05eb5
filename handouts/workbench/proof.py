"""The proof: every message of a handout beside its English, on paper, with room for remarks and a signature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from handouts import markup
from handouts.library.jobs import characters
from handouts.model import Block, Locale, Paper
from handouts.page.approval import Approval
from handouts.page.colours import palette
from handouts.page.filling import fill
from handouts.page.references import CitationMark
from handouts.page.values import Value, phone
from handouts.page.writers import PrintWriter, write_message
from handouts.sources.load import Sources
from handouts.sources.translate import usable

NOT_TRANSLATED = "not translated yet"
ENGLISH_CHANGED = "the English has changed; this is the old translation"


@dataclass(frozen=True)
class ProofRequest:
    """Which proof is wanted: of a handout for a region in a locale, on which paper."""

    locale: str
    handout: str
    region: str
    paper: Paper

    @property
    def file(self) -> str:
        """Return the path of the file below the folder for proofs."""
        return f"{self.locale}/{self.handout}.{self.region}.proof.pdf"


@dataclass(frozen=True)
class ProofLine:
    """One row of the proof's table: a block with its note, its English and its translation as HTML.

    `text` is empty where nothing is translated; `remark` says so, or that the translation is out of date.
    """

    id: str
    note: str
    safety: bool
    english: Markup
    text: Markup
    remark: str


class _ProofWriter(PrintWriter):
    """HTML for a proof: citations show the id of their reference, links their address, and nothing can be followed."""

    def citation(self, mark: CitationMark) -> str:
        return f"[{mark.written}]"

    def link(self, inner: str, href: str) -> str:
        return f"{inner} ({self.text(href)})"

    def value(self, value: Value) -> str:
        return f'<bdi dir="ltr">{self.text(value.text)}</bdi>'


def make_proof(approval: Approval, request: ProofRequest, cache: Path) -> bytes:
    """Return the proof as PDF; `cache` keeps the fonts.

    Raises SourceError where the fonts have no glyph for a character.
    """
    from handouts.pdf.make import make_pdf

    sources, tag = approval.sources, request.locale
    html, families = compose_proof(approval, request), _families(sources, tag)
    return make_pdf(html, sources.locales[tag], families, characters(sources, tag, None), cache).data


def _families(sources: Sources, tag: str) -> tuple[str, ...]:
    """Return the font families of a proof: those of the English, then those of the locale."""
    return tuple(dict.fromkeys((*sources.source.fonts, *sources.locales[tag].fonts)))


def compose_proof(approval: Approval, request: ProofRequest) -> str:
    """Return the HTML of a proof."""
    slug, region, tag = request.handout, request.region, request.locale
    sources, look = approval.sources, approval.look
    handout = sources.content.handout(slug, region)
    blocks = [block for block in handout.blocks() if block.text and not block.optional]
    return fill(
        look,
        "proof.html",
        handout=handout,
        locale=sources.locales[tag],
        region=handout.region.name.text,
        region_code=region,
        paper=request.paper,
        state=approval.state(slug, region, tag),
        digest=approval.digest(slug, region, tag),
        lines=[_proof_line(sources, tag, block, handout.region.numbers) for block in blocks],
        families=_families(sources, tag),
        colours=palette(look.tokens, "light"),
        created=look.created(handout.edition),
    )


def _proof_line(sources: Sources, tag: str, block: Block, numbers: Mapping[str, str]) -> ProofLine:
    """Return the row of one block, with the numbers of the region."""
    message = sources.catalogs[tag].messages.get(block.id)
    text = message.text if message else ""
    return ProofLine(
        id=block.id,
        note=block.note,
        safety=block.safety,
        english=_shown(block.text, sources.source, numbers),
        text=_shown(text, sources.locales[tag], numbers),
        remark="" if usable(block, message) else ENGLISH_CHANGED if text else NOT_TRANSLATED,
    )


def _shown(text: str, locale: Locale, numbers: Mapping[str, str]) -> Markup:
    """Return a message as HTML with the region's `numbers`; what is only known when a handout is printed shows by its name."""
    names = {name: Value(f"{{{name}}}", "ltr") for name in markup.found(text, "placeholder")}
    names |= {name: phone(number) for name, number in numbers.items()}
    ids = {name: CitationMark(0, f"@{name}") for name in markup.found(text, "citation")}
    return Markup(write_message(text, _ProofWriter(locale), names, ids))
