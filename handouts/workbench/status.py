"""How far each locale is: coverage, state, who reviewed what and when, what is stale and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from handouts.files import write_whole
from handouts.page import colours
from handouts.page.compose import environment
from handouts.problems import counted
from handouts.sources.load import Sources
from handouts.sources.reviews import Signature, is_independent
from handouts.sources.signed_text import changes, load_signed_text


def rows(sources: Sources, region: str, tags: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Return how far every handout is in every locale, or in those of `tags`, ready to be JSON."""
    chosen = tuple(tags) or tuple(sources.locales)
    return [row(sources, slug, region, tag) for tag in chosen for slug in sources.content.drafts]


def row(sources: Sources, slug: str, region: str, tag: str) -> dict[str, Any]:
    """Return how far one handout is in one locale."""
    got = sources.translation(slug, region, tag)
    signed = [s for s in sources.signatures.get(tag, ()) if (s.handout, s.region) == (slug, region)]
    locale = sources.locales[tag]
    return {
        "locale": tag,
        "autonym": locale.autonym,
        "english_name": locale.english_name,
        "direction": locale.direction,
        "handout": slug,
        "title": got.handout.title.text,
        "region": region,
        "state": sources.state(slug, region, tag),
        "translators": list(locale.translators),
        "messages": got.total,
        "translated": got.total - len(got.missing) - len(got.fuzzy),
        "missing": list(got.missing),
        "fuzzy": list(got.fuzzy),
        "reviews": [_review(sources, each, tag) for each in signed],
    }


def _review(sources: Sources, signature: Signature, tag: str) -> dict[str, Any]:
    """Return one signature: whether it counts today, and if not, why."""
    handout, catalog = sources.content.handout(signature.handout, signature.region), sources.catalogs.get(tag)
    now = sources.text_digest(signature.handout, signature.region, tag)
    changed = []
    if signature.text != now:
        found = changes(load_signed_text(sources.root, tag, signature.text), handout, catalog)
        changed = [{"id": c.id, "what": c.what, "before": list(c.before), "now": list(c.now)} for c in found]
        why = (
            f"{counted(len(changed), 'message')} changed since"
            if changed
            else "the text changed since; it was not kept"
        )
    else:
        why = "" if is_independent(signature, sources.locales[tag]) else "the reviewer translated it"
    return {
        "kind": signature.kind,
        "reviewer": signature.reviewer,
        "role": signature.role,
        "date": signature.date.isoformat(),
        "counts": not why,
        "why": why,
        "changed": changed,
    }


def page(sources: Sources, found: Iterable[Mapping[str, Any]], region: str) -> str:
    """Return the status as a web page that stands alone."""
    tokens = colours.load_tokens(sources.root)
    listed = list(found)
    return (
        environment(sources.root)
        .get_template("status.html")
        .render(
            rows=listed,
            locales=list(dict.fromkeys(each["locale"] for each in listed)),
            handouts=list(dict.fromkeys(each["handout"] for each in listed)),
            region=sources.content.regions[region].name.text,
            light=colours.palette(tokens, "light"),
            dark=colours.palette(tokens, "dark"),
        )
    )


def save(page_text: str, out: Path) -> Path:
    """Write the page into the output folder; return its path. Raises OSError."""
    path = out / "status.html"
    write_whole(path, page_text.encode())
    return path
