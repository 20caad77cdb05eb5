"""A drawing as WeasyPrint draws it, apart from any handout."""

from __future__ import annotations

import logging
from typing import Any

import weasyprint
import weasyprint.urls

PAGE = """<style>@page { size: 12cm; margin: 1cm } p { margin: 0; width: 10cm; height: 10cm;
background: url(logo:) center / contain no-repeat }</style><p>"""


class Said(logging.Handler):
    """Remembers what WeasyPrint says where it gives up."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Remember a message."""
        self.messages.append(record.getMessage())


def draw(data: bytes) -> tuple[bytes, list[str]]:
    """Return the PDF of a page with a drawing, and what WeasyPrint gave up on."""
    base: Any = weasyprint.urls.URLFetcher

    class Fetcher(base):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> object:
            return weasyprint.urls.URLFetcherResponse(url, data, {"Content-Type": "image/svg+xml"})

    said, logger = Said(), logging.getLogger("weasyprint")
    logger.addHandler(said)
    try:
        pdf: bytes = weasyprint.HTML(string=PAGE, url_fetcher=Fetcher(), base_url="x:").write_pdf()
    finally:
        logger.removeHandler(said)
    return pdf, said.messages
