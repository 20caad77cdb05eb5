"""The picture of a message: the summary's drawing with its words, as PNG, since mail clients show no SVG."""

from __future__ import annotations

import io
from pathlib import Path

from markupsafe import Markup

from handouts.model import Page
from handouts.page.compose import environment
from handouts.page.pictures import IN_MAIL, draw, height_in_mail, shown_colours
from handouts.pdf import fonts

SHARP = 2  # pixels of the file to one of those


def png(page: Page, root: Path, characters: str, folder: Path) -> bytes:
    """Return the picture as PNG, the same bytes for the same input; nothing where the handout has none.

    `folder` keeps the font subsets.
    """
    from pypdfium2 import PdfDocument

    from handouts.pdf.render import render

    picture = page.handout.summary.picture
    if not picture:
        return b""
    shown = shown_colours(page, root)
    html = (
        environment(root)
        .get_template("picture.html")
        .render(
            locale=page.locale,
            drawing=draw(picture, page, shown),
            families=page.families,
            colours=shown,
            title=picture.alternative.text,
            ratio=height_in_mail(picture) / IN_MAIL,
            css=Markup((root / "templates/print.css").read_text(encoding="utf-8")),  # noqa: S704 - our own
        )
    )
    faces = fonts.subset(page.families, {*characters, *html}, folder)
    with PdfDocument(render(html, faces, folder, {}).data) as document:
        sheet = document[0]
        image = sheet.render(scale=IN_MAIL * SHARP / sheet.get_width()).to_pil().convert("RGB").quantize(64)
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()
