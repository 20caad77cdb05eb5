"""What a clinic's record system is told of a place's handouts: a FHIR R4 Bundle with a DocumentReference for each.

It follows HL7 FHIR R4 (4.0.1), resources Bundle and DocumentReference, and names no patient.
"""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from handouts.library.manifest import ManifestEntry
from handouts.model import Place
from handouts.page.approval import Approval
from handouts.site.gallery import form_name

FHIR_FILE = "documents.fhir.json"
# “Instructions”, the type of what a patient is given to read (https://loinc.org/69730-0).
TYPE = {"system": "http://loinc.org", "code": "69730-0", "display": "Instructions"}
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "web": "text/html; charset=utf-8",
    "text": "text/plain; charset=utf-8",
}
# Names are made of it, so that the same handout of the same edition has the same one, wherever it is packed.
SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:ipt-handouts:documents")


def fhir_bundle(
    approval: Approval, place: Place, entries: Iterable[ManifestEntry], files: Mapping[str, bytes]
) -> bytes:
    """Return the bundle of a place, as JSON; `files` are the bytes of the entries. The same input gives the same bytes."""
    by_handout: dict[tuple[str, str], list[ManifestEntry]] = {}
    for entry in sorted(entries, key=lambda each: each.rendition.file):
        if entry.rendition.format in CONTENT_TYPES:
            by_handout.setdefault((entry.rendition.locale, entry.rendition.handout), []).append(entry)
    documents = [_document(approval, place, own, files) for own in by_handout.values()]
    bundle = {
        "resourceType": "Bundle",
        "id": _name(place.folder, *(each["id"] for each in documents)),
        "type": "collection",
        "entry": [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in documents],
    }
    return (json.dumps(bundle, ensure_ascii=False, indent=1) + "\n").encode()


def _document(
    approval: Approval, place: Place, entries: Sequence[ManifestEntry], files: Mapping[str, bytes]
) -> dict[str, Any]:
    """Return the DocumentReference of one handout in one language, with each of its forms as a content."""
    first, content = entries[0], approval.sources.content
    made, draft = first.rendition, content.drafts[first.rendition.handout]
    clinic, region = content.clinics.get(place.clinic), content.regions[place.region]
    name = edition_name(place, made.locale, made.handout, first.edition)
    is_final = all(entry.state == "approved" for entry in entries)
    document: dict[str, Any] = {
        "resourceType": "DocumentReference",
        "id": name,
        "masterIdentifier": _identifier(name),
        "status": "current",
        "docStatus": "final" if is_final else "preliminary",
        "type": {"coding": [TYPE]},
        "date": f"{first.edition}-01T00:00:00Z",
        "author": [{"display": draft.owner.text}],
        "custodian": {"display": clinic.name if clinic else region.name.text},
        "description": draft.title.text,
        "content": [
            {"attachment": _attachment(each, clinic.site if clinic else "", files)} for each in entries
        ],
    }
    if draft.replaces:
        older = edition_name(place, made.locale, made.handout, draft.replaces)
        document["relatesTo"] = [{"code": "replaces", "target": {"identifier": _identifier(older)}}]
    return document


def _attachment(entry: ManifestEntry, site: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return one form of a handout: where it lies, and by what one knows that it is whole.

    The address is public where the gallery is published, else the way from the bundle. The hash is SHA-1 in base64, as R4 has it.
    """
    made = entry.rendition
    data = files[made.file]
    return {
        "contentType": CONTENT_TYPES[made.format],
        "language": made.locale,
        "url": f"{site}/{made.file}" if site else made.file,
        "size": len(data),
        "hash": base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode(),
        "title": f"{entry.title} ({form_name(entry)})",
        "creation": entry.edition,
    }


def edition_name(place: Place, locale: str, handout: str, edition: str) -> str:
    """Return the UUID of an edition of a handout in a language for a place."""
    return _name(place.folder, locale, handout, edition)


def _name(*parts: str) -> str:
    return str(uuid.uuid5(SPACE, "/".join(parts)))


def _identifier(name: str) -> dict[str, str]:
    return {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{name}"}
