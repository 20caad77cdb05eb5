"""How far each locale is: coverage, state, who reviewed what and when, what is stale and why."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from handouts.files import write_whole
from handouts.model import State
from handouts.page.colours import palette
from handouts.page.compose import environment
from handouts.problems import counted
from handouts.sources.load import Sources
from handouts.sources.look import Look
from handouts.sources.reviews import Signature, is_independent
from handouts.sources.signed_text import Change, changes, load_signed_text


@dataclass(frozen=True)
class ReviewStatus:
    """One signature, as `status --json` prints it: whether it counts today, and if not, why.

    `changed` are the messages that are no longer what was signed.
    """

    kind: str
    reviewer: str
    role: str
    date: date
    counts: bool
    why: str
    changed: tuple[Change, ...]


@dataclass(frozen=True)
class HandoutStatus:
    """How far one handout is in one locale, as `status --json` prints it.

    `messages` and `translated` are numbers; `missing` and `fuzzy` are the ids of the others.
    """

    locale: str
    autonym: str
    english_name: str
    direction: Literal["ltr", "rtl"]
    handout: str
    title: str
    region: str
    state: State
    translators: tuple[str, ...]
    messages: int
    translated: int
    missing: tuple[str, ...]
    fuzzy: tuple[str, ...]
    reviews: tuple[ReviewStatus, ...]


def all_statuses(sources: Sources, region: str, tags: Iterable[str] = ()) -> list[HandoutStatus]:
    """Return how far every handout is in every locale, or in those of `tags`."""
    chosen = tuple(tags) or tuple(sources.locales)
    return [handout_status(sources, slug, region, tag) for tag in chosen for slug in sources.content.drafts]


def handout_status(sources: Sources, slug: str, region: str, tag: str) -> HandoutStatus:
    """Return how far one handout is in one locale."""
    translation, locale = sources.translation(slug, region, tag), sources.locales[tag]
    signed = [s for s in sources.signatures.get(tag, ()) if (s.handout, s.region) == (slug, region)]
    return HandoutStatus(
        locale=tag,
        autonym=locale.autonym,
        english_name=locale.english_name,
        direction=locale.direction,
        handout=slug,
        title=translation.handout.title.text,
        region=region,
        state=sources.state(slug, region, tag),
        translators=locale.translators,
        messages=translation.total,
        translated=translation.total - len(translation.missing) - len(translation.fuzzy),
        missing=translation.missing,
        fuzzy=translation.fuzzy,
        reviews=tuple(_review_status(sources, signature, tag) for signature in signed),
    )


def _review_status(sources: Sources, signature: Signature, tag: str) -> ReviewStatus:
    """Return one signature, with what has changed since it was given."""
    changed: tuple[Change, ...] = ()
    why = "" if is_independent(signature, sources.locales[tag]) else "the reviewer translated it"
    if signature.text != sources.text_digest(signature.handout, signature.region, tag):
        handout = sources.content.handout(signature.handout, signature.region)
        then = load_signed_text(sources.root, tag, signature.text)
        changed = tuple(changes(then, handout, sources.catalogs.get(tag)))
        since = counted(len(changed), "message") if changed else ""
        why = f"{since} changed since" if since else "the text changed since; it was not kept"
    return ReviewStatus(
        kind=signature.kind,
        reviewer=signature.reviewer,
        role=signature.role,
        date=signature.date,
        counts=not why,
        why=why,
        changed=changed,
    )


def as_json(statuses: Iterable[HandoutStatus]) -> str:
    """Return what `status --json` prints: a list of objects with the fields of the dataclasses, days as `2026-11-26`."""
    listed = [asdict(status) for status in statuses]
    return json.dumps(listed, ensure_ascii=False, indent=1, default=date.isoformat)


def status_page(sources: Sources, look: Look, statuses: Iterable[HandoutStatus], region: str) -> str:
    """Return the status as a web page that stands alone."""
    listed = list(statuses)
    return (
        environment(look)
        .get_template("status.html")
        .render(
            statuses=listed,
            handouts=list(dict.fromkeys(status.handout for status in listed)),
            region=sources.content.regions[region].name.text,
            light=palette(look.tokens, "light"),
            dark=palette(look.tokens, "dark"),
        )
    )


def write_status_page(page: str, out: Path) -> Path:
    """Write the page into the output folder; return its path. Raises OSError."""
    path = out / "status.html"
    write_whole(path, page.encode())
    return path
