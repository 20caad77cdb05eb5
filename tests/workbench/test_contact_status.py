"""The status of numbers: open, confirmed by whom and when, or what has changed since."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from handouts.page.approval import Approval
from handouts.sources.load import Sources
from handouts.workbench.contact_status import contact_statuses
from tests.conftest import our_look
from tests.signed import TODAY, confirm, few_of, loaded


def test_everything_that_is_shipped_is_open(sources: Sources) -> None:
    """No machine confirms a number; each is told with the page that it was read on."""
    for region in sources.content.regions:
        found = contact_statuses(Approval(sources, our_look()), region, TODAY)
        assert len(found) >= 3
        assert {each.said for each in found} == {"open"}
        for each in found:
            assert each.contact.kind == "phone" or each.page.startswith(f"read {each.contact.read}")


def test_a_confirmation_is_told_and_what_has_changed_since(tmp_path: Path, small: Path) -> None:
    """From what to what; links are open still, and so is the clinic."""
    root = few_of(small, tmp_path / "project", ("en",))
    said = {each.contact.id: each.said for each in contact_statuses(confirm(root), "au", TODAY)}
    assert said["lifeline"] == said["emergency"] == "2026-11-20 Lan Pham"
    assert said["isipt-link"] == said["02 5550 0100"] == "open"
    later = contact_statuses(loaded(root), "au", TODAY + timedelta(days=361))
    assert "2026-11-20 Lan Pham, more than 12 months ago" in [each.said for each in later]
    path = root / "content/regions/au.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('"13 11 14"', '"13 11 15"'), encoding="utf-8")
    said = {each.contact.id: each.said for each in contact_statuses(loaded(root), "au", TODAY)}
    assert said["lifeline"] == "open: region-au.lifeline.call: 13 11 14 → 13 11 15"
