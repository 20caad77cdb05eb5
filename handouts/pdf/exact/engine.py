"""WeasyPrint, imported without what it looks for in vain and without what no page of ours needs: in half the time."""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

# It cuts fonts down by these where HarfBuzz cannot, and reads pages by the last; ours are cut by `embed` and read by `reading`.
# Half of the time of its import. Of `fontTools.ttLib` it also knows WOFF 2 and an error by name, which no font of ours needs.
SELDOM = ("fontTools.subset", "fontTools.varLib.instancer", "fontTools.ttLib", "tinyhtml5")
M_MMAP_THRESHOLD, LARGE_BLOCK = -3, 1_000_000  # a number of <malloc.h>; bytes


def weasyprint() -> Any:
    """Return the package, imported when first asked for."""
    if "weasyprint" not in sys.modules:
        with _by_file_name(), _on_demand(SELDOM):
            import_module("weasyprint")
        return_large_blocks()
    return sys.modules["weasyprint"]


def return_large_blocks() -> None:
    """Have large blocks of memory given back to the machine as soon as they are free (glibc).

    By itself it gives each size back only until it was free once, and keeps it from then on between smaller ones (mallopt(3)): a
    process that has read a few Chinese fonts, of 16 MB each, would be twice as large for as long as it lives.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)


def font_configuration() -> Any:
    """Return a font configuration that leaves nothing behind when it goes.

    Pango's map of fonts keeps its part of Fontconfig's beyond its own end, 200 kB each time (Kozea/WeasyPrint#2130): it is
    given none just before, as `pango_fc_font_map_set_config` allows.
    """
    found = weasyprint().text.fonts.FontConfiguration()
    ffi, gobject, pangoft2 = (getattr(weasyprint().text.ffi, name) for name in ("ffi", "gobject", "pangoft2"))

    def release(font_map: Any) -> None:
        pangoft2.pango_fc_font_map_set_config(ffi.cast("PangoFcFontMap *", font_map), ffi.NULL)
        gobject.g_object_unref(font_map)

    font_map = found.font_map
    ffi.gc(font_map, None)  # released here, and not a second time
    found.font_map = ffi.gc(font_map, release)
    return found


@contextmanager
def _by_file_name() -> Iterator[None]:
    """Let the system's libraries be found by the names of their files alone, where the linker knows these (Linux).

    WeasyPrint tries the names of other systems first, and for each of them Python starts up to four programs, a compiler among
    them (`ctypes.util.find_library`).
    """
    plain = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = lambda _: None  # type: ignore[assignment]
    try:
        yield
    finally:
        ctypes.util.find_library = plain


@contextmanager
def _on_demand(names: tuple[str, ...]) -> Iterator[None]:
    """Let modules that are imported in the block, and not imported yet, be read when a function of theirs is called."""
    stand_ins = {name: _stand_in(name) for name in names if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, module in stand_ins.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


def _stand_in(name: str) -> ModuleType:
    """Return a module each name of which is a function: one that calls what the module of that name has."""
    module = ModuleType(name)

    def find(attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)

        def called(*given: Any, **named: Any) -> Any:
            return getattr(import_module(name), attribute)(*given, **named)

        return called

    module.__getattr__ = find  # type: ignore[method-assign]
    return module
