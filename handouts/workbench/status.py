"""How far each locale is: coverage, state, who reviewed what and when, what is stale and why."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from handouts.files import write_whole
from handouts.model import Place, State
from handouts.page.approval import CHANGED, Approval
from handouts.page.colours import palette
from handouts.page.filling import fill
from handouts.problems import counted
from handouts.sources.person_names import is_same_person
from handouts.sources.reviews import Signature
from handouts.sources.signed_text import Change
from handouts.workbench.contact_status import ContactStatus


@dataclass(frozen=True)
class ReviewStatus:
    """One signature, as `status --json` prints it: whether it counts today, and if not, why.

    `changed` are the values that are no longer what was signed.
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

    `messages` and `translated` are numbers; `missing` and `fuzzy` are the ids of the others. The state holds for the
    region alone; `elsewhere` are the other regions that there are signatures for. `needs` says who must still sign, and
    `again` who has signed an earlier text. `unconfirmed` are the region's numbers that nobody has confirmed: until there
    are none, its pages are drafts, whatever the state of the text.
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
    needs: tuple[str, ...]
    again: tuple[str, ...]
    elsewhere: tuple[str, ...]
    unconfirmed: tuple[str, ...]


def all_statuses(approval: Approval, region: str, tags: Iterable[str] = ()) -> list[HandoutStatus]:
    """Return how far every handout is in every locale, or in those of `tags`."""
    sources = approval.sources
    chosen = tuple(tags) or tuple(sources.locales)
    return [handout_status(approval, slug, region, tag) for tag in chosen for slug in sources.content.drafts]


def handout_status(approval: Approval, slug: str, region: str, tag: str) -> HandoutStatus:
    """Return how far one handout is in one locale."""
    sources = approval.sources
    translation, locale = sources.translation(slug, region, tag), sources.locales[tag]
    reviews = tuple(_review_status(approval, each, tag) for each in approval.signatures(slug, region, tag))
    of_handout = [each.region for each in sources.signatures.get(tag, ()) if each.handout == slug]
    state = approval.state(slug, region, tag)
    return HandoutStatus(
        locale=tag,
        autonym=locale.autonym,
        english_name=locale.english_name,
        direction=locale.direction,
        handout=slug,
        title=translation.handout.title.text,
        region=region,
        state=state,
        translators=locale.translators,
        messages=translation.total,
        translated=translation.total - len(translation.missing) - len(translation.fuzzy),
        missing=translation.missing,
        fuzzy=translation.fuzzy,
        reviews=reviews,
        needs=_needs(approval, slug, region, tag),
        again=_again(reviews),
        elsewhere=tuple(code for code in dict.fromkeys(of_handout) if code != region),
        unconfirmed=tuple(map(str, approval.unconfirmed(Place(region)))),
    )


def _needs(approval: Approval, slug: str, region: str, tag: str) -> tuple[str, ...]:
    """Return what is still missing before the pages of a text are no drafts: translations, then people."""
    translation = approval.sources.translation(slug, region, tag)
    lacking = len(translation.missing) + len(translation.fuzzy)
    words = (f"{counted(lacking, 'message')} to translate",) if lacking else ()
    return (*words, *approval.still_missing(slug, region, tag))


def _again(reviews: Iterable[ReviewStatus]) -> tuple[str, ...]:
    """Return who has signed an earlier text, and not in the same way the one that is now."""
    listed = tuple(reviews)
    done = [(each.kind, each.reviewer) for each in listed if each.counts]
    return tuple(
        dict.fromkeys(
            f"{each.reviewer} ({each.kind})"
            for each in listed
            if each.changed
            and not any(kind == each.kind and is_same_person(by, each.reviewer) for kind, by in done)
        )
    )


def _review_status(approval: Approval, signature: Signature, tag: str) -> ReviewStatus:
    """Return one signature, with what has changed since it was given."""
    why = approval.why_not(signature, tag)
    changed = approval.changes_since(signature, tag) if why else ()
    if changed and why == CHANGED:
        why = f"{counted(len(changed), 'value')} changed since"
    return ReviewStatus(
        kind=signature.kind,
        reviewer=signature.reviewer,
        role=signature.role,
        date=signature.date,
        counts=not why,
        why=why,
        changed=changed,
    )


def statuses_json(statuses: Iterable[HandoutStatus]) -> str:
    """Return what `status --json` prints: a list of objects with the fields of the dataclasses, days as `2026-11-26`."""
    listed = [asdict(status) for status in statuses]
    return json.dumps(listed, ensure_ascii=False, indent=1, default=date.isoformat)


def status_page(
    approval: Approval, statuses: Iterable[HandoutStatus], contacts: Iterable[ContactStatus], region: str
) -> str:
    """Return the status as a web page that stands alone."""
    listed, look, sources = list(statuses), approval.look, approval.sources
    return fill(
        look,
        "status.html",
        statuses=listed,
        handouts=list(dict.fromkeys(status.handout for status in listed)),
        region=sources.content.regions[region].name.text,
        contacts=list(contacts),
        light=palette(look.tokens, "light"),
        dark=palette(look.tokens, "dark"),
    )


def write_status_page(page: str, out: Path) -> Path:
    """Write the page into the output folder; return its path. Raises OSError."""
    path = out / "status.html"
    write_whole(path, page.encode())
    return path
