"""Pages as pictures, as large as a screen needs them."""

from __future__ import annotations

import io

from PIL import Image

from handouts.serving.pictures import page_pictures
from tests.conftest import blank_pdf


def test_every_page_is_a_picture_of_its_own_size() -> None:
    """A4 at 110 pixels to the inch."""
    (picture,) = page_pictures(blank_pdf())
    assert Image.open(io.BytesIO(picture)).size == (910, 1287)
