"""WeasyPrint, imported without what it looks for in vain and without what no page of ours needs: in half the time."""

from __future__ import annotations

import ctypes.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

# It cuts fonts down by these where HarfBuzz cannot; ours are cut by `embed`. A third of the time of its import.
SELDOM = ("fontTools.subset", "fontTools.varLib.instancer")


def weasyprint() -> Any:
    """Return the package, imported when first asked for."""
    if "weasyprint" not in sys.modules:
        with _by_file_name(), _on_demand(SELDOM):
            import_module("weasyprint")
    return sys.modules["weasyprint"]


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
