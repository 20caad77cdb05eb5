"""The files that OpenEMR offers as its local education content: named by a code that a clinician has signed, and a language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from handouts.library.manifest import ManifestEntry
from handouts.library.plan import usual_layout
from handouts.model import Place
from handouts.page.approval import Approval
from handouts.problems import Problem, in_file
from handouts.sources.codes import CODES_FILE


def openemr_files(
    approval: Approval, place: Place, entries: Iterable[ManifestEntry], files: Mapping[str, bytes]
) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the files of a place for OpenEMR by where they go below its site's folder, or what keeps them from being made.

    Each is the paper in the layout that the place begins with. OpenEMR looks for some languages alone; the others stay in
    the gallery.
    """
    codes = approval.sources.codes
    if not codes.rows:
        what = "no clinician has signed a code yet, so OpenEMR would find no handout."
        fix = "Have one sign: python3 build.py review code HANDOUT CODETYPE CODE --by NAME --role ROLE"
        return {}, [in_file("no-codes", CODES_FILE, what, fix)]
    found: dict[str, bytes] = {}
    for entry in entries:
        made = entry.rendition
        is_usual = made.layout == usual_layout(approval.sources, place, made.locale)
        if made.format == "pdf" and is_usual and made.locale in codes.languages:
            for code in codes.rows:
                if code.handout == made.handout:
                    found.setdefault(code.file(made.locale), files[made.file])
    if not found:
        what = f"none of the handouts of {place} has a code in a language that OpenEMR looks for."
        fix = f"It looks for {', '.join(codes.languages)}. Sign a code for a handout that {place.folder} has in one of them."
        return {}, [in_file("no-codes", CODES_FILE, what, fix)]
    return found, []
