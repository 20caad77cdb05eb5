"""The bundle for record systems: FHIR R4 as its specification has it, true to the files, and about no patient."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from handouts.library.manifest import entries_with_files
from handouts.model import Place
from handouts.page.approval import Approval
from handouts.site.fhir import edition_name, fhir_bundle
from tests.conftest import HANDOUTS, SPREAD, Stock

# What R4 (4.0.1) says of the elements that are used: their names, which must be there, and the shape of their texts.
ID, INSTANT = re.compile(r"[A-Za-z0-9\-.]{1,64}"), re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
DATE_TIME, CODE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?"), re.compile(r"[^\s]+(\s[^\s]+)*")
REFERENCE_KEYS = {"reference", "type", "identifier", "display"}
DOCUMENT_KEYS = {
    "resourceType", "id", "masterIdentifier", "identifier", "status", "docStatus", "type", "category", "subject", "date",
    "author", "authenticator", "custodian", "relatesTo", "description", "securityLabel", "content", "context",
}  # fmt: skip
ATTACHMENT_KEYS = {"contentType", "language", "data", "url", "size", "hash", "title", "creation"}
DOC_STATUS = {"preliminary", "final", "amended", "entered-in-error"}
RELATIONS = {"replaces", "transforms", "signs", "appends"}


def faults(bundle: dict[str, Any]) -> Iterator[str]:
    """Yield where a bundle is not as the specification has it."""
    if bundle["resourceType"] != "Bundle" or bundle["type"] != "collection" or not ID.fullmatch(bundle["id"]):
        yield "bundle"
    for entry in bundle["entry"]:
        document = entry["resource"]
        if set(entry) != {"fullUrl", "resource"} or entry["fullUrl"] != f"urn:uuid:{document['id']}":
            yield "fullUrl"
        yield from document_faults(document)


def document_faults(document: dict[str, Any]) -> Iterator[str]:
    """Yield where a DocumentReference is not as the specification has it."""
    if document["resourceType"] != "DocumentReference" or not set(document) <= DOCUMENT_KEYS:
        yield "keys"
    if document["status"] not in {"current", "superseded", "entered-in-error"}:
        yield "status"
    if document["docStatus"] not in DOC_STATUS or not INSTANT.fullmatch(document["date"]):
        yield "docStatus or date"
    relations = document.get("relatesTo", [])
    if not {relation["code"] for relation in relations} <= RELATIONS:
        yield "relatesTo"
    references = [*document["author"], document["custodian"], *(relation["target"] for relation in relations)]
    if not all(set(reference) <= REFERENCE_KEYS for reference in references):
        yield "reference"
    if not document["content"]:
        yield "content"
    for content in document["content"]:
        yield from attachment_faults(content["attachment"])


def attachment_faults(attachment: dict[str, Any]) -> Iterator[str]:
    """Yield where an Attachment is not as the specification has it."""
    if not set(attachment) <= ATTACHMENT_KEYS or not isinstance(attachment["size"], int):
        yield "attachment"
    if not all(CODE.fullmatch(attachment[key]) for key in ("contentType", "language")):
        yield "code"
    if not DATE_TIME.fullmatch(attachment["creation"]) or re.search(r"\s", attachment["url"]):
        yield "creation or url"


def bundle_of(stock: Stock, approval: Approval | None = None) -> dict[str, Any]:
    """Return the bundle of the stock."""
    entries = entries_with_files(stock.out)
    files = {file: (stock.out / file).read_bytes() for file in entries}
    made = fhir_bundle(approval or stock.approval, Place("au"), entries.values(), files)
    assert made == fhir_bundle(approval or stock.approval, Place("au"), entries.values(), files)
    found: dict[str, Any] = json.loads(made)
    return found


@pytest.fixture(scope="module")
def bundle(stocked: Stock) -> dict[str, Any]:
    """Return the bundle of a library in four locales."""
    return bundle_of(stocked)


def test_it_is_as_the_specification_has_it(bundle: dict[str, Any]) -> None:
    """And a bundle that is not is seen to be refused."""
    assert list(faults(bundle)) == []
    spoilt = json.loads(json.dumps(bundle))
    spoilt["entry"][0]["resource"]["docStatus"] = "draft"
    spoilt["entry"][1]["resource"]["content"][0]["attachment"]["mime"] = "application/pdf"
    assert list(faults(spoilt)) == ["docStatus or date", "attachment"]


def test_it_has_a_document_for_each_handout_in_each_language(bundle: dict[str, Any]) -> None:
    """With its type, its state and all its forms."""
    documents = [entry["resource"] for entry in bundle["entry"]]
    assert len({each["id"] for each in documents}) == len(documents) == len(SPREAD) * len(HANDOUTS)
    assert {c["code"] for each in documents for c in each["type"]["coding"]} == {"69730-0"}
    assert {each["docStatus"] for each in documents} == {"preliminary"}
    languages = {tuple({c["attachment"]["language"] for c in each["content"]}) for each in documents}
    assert languages == {(tag,) for tag in SPREAD}
    assert {len(each["content"]) for each in documents} == {4, 5}  # English has no English beside it


def test_its_hashes_and_sizes_are_those_of_the_files(stocked: Stock, bundle: dict[str, Any]) -> None:
    """SHA-1 in base64, which R4 asks for; the address is the way from the bundle."""
    attachments = [c["attachment"] for entry in bundle["entry"] for c in entry["resource"]["content"]]
    assert attachments
    for each in attachments:
        data = (stocked.out / each["url"]).read_bytes()
        assert each["size"] == len(data)
        assert base64.b64decode(each["hash"]) == hashlib.sha1(data, usedforsecurity=False).digest()


def test_a_new_edition_replaces_the_one_before(stocked: Stock) -> None:
    """By the name that the older one had; without an edition before it replaces nothing."""
    content = stocked.approval.sources.content
    drafts = {**content.drafts, "about-ipt": replace(content.drafts["about-ipt"], replaces="2026-05")}
    sources = replace(stocked.approval.sources, content=replace(content, drafts=drafts))
    documents = [e["resource"] for e in bundle_of(stocked, Approval(sources, stocked.approval.look))["entry"]]
    related = {each["id"]: each["relatesTo"] for each in documents if "relatesTo" in each}
    assert len(related) == len(SPREAD)
    name = edition_name(Place("au"), "ar", "about-ipt", "2026-11")
    older = edition_name(Place("au"), "ar", "about-ipt", "2026-05")
    (relation,) = related[name]
    assert relation["code"] == "replaces"
    assert relation["target"]["identifier"]["value"] == f"urn:uuid:{older}"
    assert uuid.UUID(older)


def test_where_the_gallery_is_published_the_addresses_are_public(stocked: Stock) -> None:
    """Those that the gallery has."""
    entries = [
        replace(
            e,
            rendition=replace(
                e.rendition, clinic="example", file=e.rendition.file.replace("au/", "example/")
            ),
        )
        for e in entries_with_files(stocked.out).values()
    ]
    content = stocked.approval.sources.content
    clinic = replace(content.clinics["example"], site="https://clinic.example/handouts")
    sources = replace(stocked.approval.sources, content=replace(content, clinics={"example": clinic}))
    files = {e.rendition.file: b"x" for e in entries}
    approval = Approval(sources, stocked.approval.look)
    made = json.loads(fhir_bundle(approval, Place("au", "example"), entries, files))
    urls = {c["attachment"]["url"] for e in made["entry"] for c in e["resource"]["content"]}
    assert urls == {f"https://clinic.example/handouts/{file}" for file in files}
    assert {e["resource"]["custodian"]["display"] for e in made["entry"]} == {"Example Clinic"}
