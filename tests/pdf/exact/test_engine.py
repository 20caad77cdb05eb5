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


def test_a_page_that_somebody_else_gives_to_it_is_read_as_ever() -> None:
    """By the parser that is imported when it is asked, and with fonts that are read then."""
    program = "import sys; print('tinyhtml5' in sys.modules, 'fontTools.ttLib' in sys.modules); "
    program += "print(len(found.HTML(string='<p>a<p>b').write_pdf()) > 999); from fontTools.ttLib import TTFont; print(TTFont)"
    assert said(program).splitlines() == ["False False", "True", "<class 'fontTools.ttLib.ttFont.TTFont'>"]


def test_a_module_that_is_there_already_is_left_alone() -> None:
    """Whoever has imported it keeps it, and WeasyPrint has the same."""
    program = "import fontTools.subset, sys; before = sys.modules['fontTools.subset']; " + ASKED
    program += "from weasyprint.pdf import fonts; print(fonts.subset is before)"
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout == "True\n"


def test_it_is_imported_once() -> None:
    """Whoever imports it in another way has the same."""
    assert said("import weasyprint as other; print(found is other)") == "True"


@pytest.mark.skipif(sys.platform != "linux", reason="resident memory is read as Linux tells it")
def test_a_large_block_that_is_free_is_no_longer_of_the_process() -> None:
    """Also where a small one was asked for after it, and when the same was asked for before: each would be kept otherwise."""
    program = """
from pathlib import Path

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

def filled():
    return [(bytes(range(256)) * 62_500, bytearray(2_000)) for _ in range(4)]  # 16 MB each

before, small = resident(), []
for _ in range(3):
    small += [block for _, block in filled()]
print((resident() - before) // 1_000_000)
"""
    assert int(said("\n" + program)) < 16


@pytest.mark.skipif(sys.platform != "linux", reason="memory in use is told by glibc")
def test_a_font_configuration_that_is_gone_leaves_nothing_behind() -> None:
    """200 kB of each would stay: a worker that goes from language to language would grow without end."""
    program = """
import ctypes, gc
from handouts.pdf.exact.engine import font_configuration

class InUse(ctypes.Structure):
    _fields_ = [(f"field_{number}", ctypes.c_size_t) for number in range(10)]

libc = ctypes.CDLL(None)
libc.mallinfo2.restype = InUse

def made(number):
    for _ in range(number):
        font_configuration()
    gc.collect()
    return libc.mallinfo2().field_7  # bytes that are allocated: `uordblks`

before = made(10)
print((made(60) - before) // 1_000)
"""
    assert -1_000 < int(said("\n" + program)) < 1_000  # kB; without the cure 12,000
