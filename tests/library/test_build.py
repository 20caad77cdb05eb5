"""The command line and the output folder, as a clinic meets them."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pypdfium2 import PdfDocument

from tests.conftest import ROOT, SPREAD, Project

ONE = ("--locale", "ar", "--handout", "about-ipt")
FIELDS = {
    "file", "handout", "edition", "locale", "region", "clinic", "layout", "format", "paper",
    "state", "pages", "bytes", "sha256", "title", "autonym", "direction",
}  # fmt: skip


def manifest(folder: Path) -> dict[str, dict[str, object]]:
    """Return the manifest's entries by file."""
    rows = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["renditions"]
    return {row["file"]: row for row in rows}


def test_every_file_is_in_the_manifest_and_every_entry_is_a_file(built: Path) -> None:
    """The manifest and the folder say the same, to the byte."""
    entries = manifest(built)
    files = {p.relative_to(built).as_posix() for p in built.rglob("*") if p.is_file()} - {"manifest.json"}
    assert files == set(entries)
    assert len(entries) == len(SPREAD) * 2 * (4 + 1) + (len(SPREAD) - 1) * 2  # English has no bilingual twin
    for file, entry in entries.items():
        data = (built / file).read_bytes()
        assert set(entry) == FIELDS
        assert entry["bytes"] == len(data)
        assert entry["sha256"] == hashlib.sha256(data).hexdigest()


def test_a_second_build_makes_nothing_again_and_a_change_makes_only_its_own(cold_project: Project) -> None:
    """A rendition whose inputs have not changed is not made again."""
    want = ("--locale", "es", "--locale", "vi", "--format", "text")
    assert "4 made, 0 up to date" in cold_project.run(*want).out
    assert "0 made, 4 up to date" in cold_project.run(*want).out
    cold_project.edit("locales/es/handouts.po", 'msgstr "En resumen"', 'msgstr "Resumen"')
    assert "1 made, 3 up to date" in cold_project.run(*want).out
    cold_project.edit("content/regions/nz.yaml", "general practice", "family doctors")
    assert "0 made, 4 up to date" in cold_project.run(*want).out


def test_two_builds_of_the_same_input_give_the_same_bytes(cold_project: Project) -> None:
    """Nothing of the day, the machine or the order of work gets into a file."""
    want = (*ONE, "--format", "pdf", "--format", "email")
    assert cold_project.run(*want, "--out", "one", "--jobs", "2").code == 0
    assert cold_project.run("--locale", "hi", "--format", "pdf", "--jobs", "1").code == 0
    (cold_project.root / ".cache").rename(cold_project.root / "old-cache")
    assert cold_project.run(*want, "--out", "two", "--jobs", "1").code == 0
    for file in ("ar/about-ipt.pdf", "ar/about-ipt.html"):
        assert (cold_project.root / "one" / file).read_bytes() == (
            cold_project.root / "two" / file
        ).read_bytes()


def test_the_date_of_a_file_is_that_of_the_edition_or_of_source_date_epoch(project: Project) -> None:
    """SOURCE_DATE_EPOCH is honoured; without it the edition's month is the date."""
    want = ("--locale", "en", "--handout", "about-ipt", "--format", "pdf")
    assert project.run(*want).code == 0
    file = project.root / "dist/en/about-ipt.pdf"
    assert PdfDocument(file).get_metadata_value("CreationDate").startswith("D:20261101")
    assert project.run(*want, SOURCE_DATE_EPOCH="1700000000").code == 0
    assert PdfDocument(file).get_metadata_value("CreationDate").startswith("D:20231114221320")


def test_a_damaged_file_is_put_right(cold_project: Project) -> None:
    """A delivered file, or the cache, that was changed by hand is not trusted."""
    want = ("--locale", "en", "--handout", "about-ipt", "--format", "text")
    cold_project.run(*want)
    file = cold_project.root / "dist/en/about-ipt.txt"
    good = file.read_bytes()
    file.write_bytes(b"spoilt")
    for cached in (cold_project.root / ".cache/renditions").iterdir():
        cached.write_bytes(cached.read_bytes()[:-5])
    assert cold_project.run(*want).code == 0
    assert file.read_bytes() == good


def test_a_damaged_font_of_the_cache_is_made_again(cold_project: Project) -> None:
    """Half a font would leave the page blank; it is known by its digest and not used."""
    want = ("--locale", "hi", "--handout", "about-ipt", "--format", "pdf", "--layout", "standard")
    assert cold_project.run(*want).code == 0
    good = (cold_project.root / "dist/hi/about-ipt.pdf").read_bytes()
    for font in (cold_project.root / ".cache/fonts").glob("*.otf"):
        font.write_bytes(font.read_bytes()[:2000])
    for cached in (cold_project.root / ".cache/renditions").iterdir():
        cached.unlink()
    assert cold_project.run(*want).code == 0
    assert (cold_project.root / "dist/hi/about-ipt.pdf").read_bytes() == good


def test_builds_at_the_same_time_lose_no_entry_of_the_manifest(project: Project) -> None:
    """Four builds into one folder: every file they deliver is listed."""
    tags = ("ar", "es", "hi", "vi")
    with ThreadPoolExecutor() as pool:
        runs = [pool.submit(project.run, "--locale", tag, "--format", "text") for tag in tags]
        assert [run.result().code for run in runs] == [0] * 4
    files = {p.relative_to(project.root / "dist").as_posix() for p in (project.root / "dist").rglob("*.txt")}
    assert len(files) == 8
    assert set(manifest(project.root / "dist")) == files


def test_what_an_editor_leaves_behind_does_no_harm(project: Project) -> None:
    """Emacs makes a dangling link beside a file that is open; names with a dot in front are passed over."""
    (project.root / "content/handouts/.#about-ipt.yaml").symlink_to("nobody@nowhere.1")
    (project.root / "content/pictures/._mood.svg").write_bytes(b"\x00")
    assert project.run("check").code == 0


def test_a_clinic_prints_its_name_on_the_paper_it_wants(project: Project) -> None:
    """`--clinic`, `--paper` and `--region` change what is printed and where it lies."""
    ran = project.run(
        "--locale", "en", "--handout", "about-ipt", "--clinic", "example", "--paper", "letter", "--json"
    )
    assert ran.code == 0, ran.err
    entries = {e["file"]: e for e in json.loads(ran.out)["renditions"]}
    assert entries["en/about-ipt.letter.pdf"]["paper"] == "letter"
    assert {e["clinic"] for e in entries.values()} == {"example"}
    assert "Example Clinic" in (project.root / "dist/en/about-ipt.txt").read_text(encoding="utf-8")
    assert project.run("--locale", "en", "--region", "us").code == 0
    assert manifest(project.root / "dist")["en/about-ipt.pdf"]["paper"] == "letter"
    assert "988" in (project.root / "dist/en/about-ipt.txt").read_text(encoding="utf-8")


def test_every_region_builds_in_every_locale(project: Project) -> None:
    """Five health systems, six languages: text with all numbers of the region, no placeholder left open."""
    for region in ("au", "gb", "us", "ca", "nz"):
        ran = project.run("--region", region, "--format", "text", "--format", "email", "--out", region)
        assert ran.code == 0, ran.err
        for file in (project.root / region).rglob("*.txt"):
            text = file.read_text(encoding="utf-8")
            assert not set("{}*") & set(text), file


def test_status_tells_how_far_each_locale_is(project: Project) -> None:
    """`status --json` names what is missing and what is fuzzy."""
    project.edit("locales/vi/handouts.po", 'msgctxt "about-ipt.lead"', 'msgctxt "about-ipt.led"')
    rows = json.loads(project.run("status", "--json").out)
    row = next(r for r in rows if (r["locale"], r["handout"]) == ("vi", "about-ipt"))
    assert row["missing"] == ["about-ipt.lead"]
    assert row["translated"] == row["messages"] - 1
    assert {r["state"] for r in rows} == {"draft"}


def test_check_prints_the_grade_and_the_contrast(project: Project) -> None:
    """`check` prints the English grade of every handout and region, at most 8, and every contrast."""
    out = project.run("check").out.splitlines()
    grades = [
        float(n) for line in out if line.startswith(("about-ipt", "references")) for n in line.split("\t")[1:]
    ]
    contrasts = [float(line.split("\t")[3]) for line in out if line.startswith(("light\t", "dark\t"))]
    assert len(grades) == 10
    assert max(grades) <= 6
    assert len(contrasts) == 14
    assert min(contrasts) >= 4.5


def test_doctor_names_what_is_missing_and_the_one_command(project: Project) -> None:
    """`doctor` passes here; for a font that is not here it names the command that cures it."""
    assert project.run("doctor").code == 0
    project.edit("locales/hi/locale.toml", "Noto Sans Devanagari", "Noto Sans Nowhere")
    ran = project.run("doctor")
    assert ran.code == 1
    assert "font Noto Sans Nowhere is missing (for hi). Run: make system" in ran.err


def test_updating_catalogs_twice_changes_nothing(project: Project) -> None:
    """`locale update` is idempotent, and the shipped catalogs are up to date."""
    assert "brought up to date" not in project.run("locale", "update").out
    project.edit("content/handouts/about-ipt.yaml", "heading: In short", "heading: In a few words")
    assert project.run("locale", "update", "es").out.count("brought up to date") == 1
    text = (project.root / "locales/es/handouts.po").read_text(encoding="utf-8")
    assert '#, fuzzy\n#| msgid "In short"\nmsgctxt "about-ipt.short"' in text.replace("#| msgctxt", "#|c")
    assert "brought up to date" not in project.run("locale", "update", "es").out


def test_the_project_holds_no_address_of_a_registry() -> None:
    """Lock files keep hashes, no addresses."""
    for name in ("requirements.lock", "requirements-test.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "index-url" not in text
