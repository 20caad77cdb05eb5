"""WeasyPrint is imported quickly, and all of it works as before."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

ASKED = "from handouts.pdf.exact.engine import weasyprint; found = weasyprint(); "


def said(program: str) -> str:
    """Return what a fresh process says."""
    command = [sys.executable, "-c", ASKED + program]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems find libraries by their own rules")
def test_no_program_is_started_to_find_a_library() -> None:
    """A compiler and three others would be, twenty times; afterwards libraries are found as ever."""
    counted = (
        "import os; print(sum(os.times()[2:4])); from ctypes.util import find_library as f; print(f('c'))"
    )
    assert said(counted).splitlines() == ["0.0", "libc.so.6"]


def test_what_no_page_needs_is_read_when_it_is_called() -> None:
    """Not before; then it is the module itself, for WeasyPrint and for everyone else."""
    seen = "import sys; from weasyprint.pdf import fonts; print('fontTools.subset' in sys.modules); "
    called = "print(type(fonts.subset.Options()).__module__); import fontTools.subset as s; print(s.Options.__module__)"
    assert said(seen + called).splitlines() == ["False", "fontTools.subset", "fontTools.subset"]


def test_a_module_that_is_there_already_is_left_alone() -> None:
    """Whoever has imported it keeps it, and WeasyPrint has the same."""
    program = "import fontTools.subset, sys; before = sys.modules['fontTools.subset']; " + ASKED
    program += "from weasyprint.pdf import fonts; print(fonts.subset is before)"
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout == "True\n"


def test_it_is_imported_once() -> None:
    """Whoever imports it in another way has the same."""
    assert said("import weasyprint as other; print(found is other)") == "True"
