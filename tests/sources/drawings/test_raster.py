"""Pictures of pixels are read within limits, and written anew."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageFile, PngImagePlugin

from handouts.sources.drawings.raster import LONGEST_SIDE, read_raster
from handouts.sources.drawings.refusals import Refusal


def saved(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    """Return a picture as a file."""
    written = io.BytesIO()
    image.save(written, form, **options)
    return written.getvalue()


def opened(data: bytes) -> Image.Image:
    """Return the pixels that are printed."""
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("image", "pixel"),
    [
        (Image.new("1", (60, 30), 1), (255, 255, 255)),
        (Image.new("L", (60, 30), 90), (90, 90, 90)),
        (Image.new("LA", (60, 30), (90, 255)), (90, 90, 90)),
        (Image.new("I;16", (60, 30), 90 * 256), (90, 90, 90)),
        (Image.new("RGB", (60, 30), "teal").quantize(4), (0, 128, 128)),
        (Image.new("RGB", (60, 30), "teal"), (0, 128, 128)),
        (Image.new("RGBA", (60, 30), "teal"), (0, 128, 128)),
    ],
    ids=lambda value: getattr(value, "mode", ""),
)
def test_every_kind_of_pixel_is_printed_as_rgb(image: Image.Image, pixel: tuple[int, int, int]) -> None:
    """Those of PNG: black and white, grey, palettes, with alpha and without, sixteen bits."""
    drawing = read_raster(saved(image), "PNG")
    assert (drawing.kind, drawing.width, drawing.height) == ("png", 60, 30)
    assert opened(drawing.data).mode == "RGB"
    assert opened(drawing.data).getpixel((9, 9)) == pixel


def test_what_one_sees_through_stays_so() -> None:
    """By alpha, and by a colour of a palette that stands for none."""
    clear = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    clear.paste((0, 0, 255, 255), (0, 0, 20, 40))
    for data in (saved(clear), saved(clear.convert("P"), transparency=0)):
        result = opened(read_raster(data, "PNG").data)
        assert result.mode == "RGBA"
    assert opened(read_raster(saved(clear), "PNG").data).getpixel((30, 9))[3] == 0  # type: ignore[index]


def test_nothing_but_pixels_is_printed() -> None:
    """No place, no camera, no comment."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Dr Who")
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    data = saved(Image.new("RGB", (40, 40)), pnginfo=notes, exif=exif)
    assert b"Dr Who" in data
    result = read_raster(data, "PNG").data
    assert b"Dr Who" not in result
    assert b"camera" not in result
    assert [result[i + 4 : i + 8] for i in chunks(result)] == [b"IHDR", b"IDAT", b"IEND"]


def chunks(data: bytes) -> list[int]:
    """Return where each chunk of a PNG begins."""
    at, found = 8, []
    while at < len(data):
        found.append(at)
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return found


def test_a_picture_is_turned_as_the_camera_says() -> None:
    """Orientation 6 lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    drawing = read_raster(saved(Image.new("RGB", (60, 30)), "JPEG", exif=exif), "JPEG")
    assert (drawing.width, drawing.height) == (30, 60)


def test_a_colour_profile_is_applied() -> None:
    """The same numbers are another colour in another space: here one whose red is blue."""
    turned = srgb().replace(b"rXYZ", b"tmp ").replace(b"bXYZ", b"rXYZ").replace(b"tmp ", b"bXYZ")
    red = Image.new("RGB", (40, 40), (200, 0, 0))
    profiles: list[dict[str, Any]] = [{}, {"icc_profile": srgb()}, {"icc_profile": turned}]
    shown = [opened(read_raster(saved(red, **profile), "PNG").data).getpixel((9, 9)) for profile in profiles]
    assert shown[0] == (200, 0, 0)
    assert all(abs(a - b) <= 2 for a, b in zip(shown[0], shown[1], strict=True))  # type: ignore[arg-type]
    assert shown[2][2] > 190  # type: ignore[index]
    assert shown[2][0] < 10  # type: ignore[index]


def srgb() -> bytes:
    """Return the profile of sRGB."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def test_a_profile_of_other_colours_is_refused() -> None:
    """It would turn the logo into other colours, or into none."""
    with pytest.raises(Refusal) as refused:
        read_raster(saved(Image.new("CMYK", (40, 40)), "JPEG", icc_profile=srgb()), "JPEG")
    assert refused.value.code == "picture-invalid-profile"


def test_four_inks_become_three_colours() -> None:
    """As printers' logos are."""
    drawing = read_raster(saved(Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "JPEG"), "JPEG")
    red, green, blue = opened(drawing.data).getpixel((9, 9))  # type: ignore[misc]
    assert red > 200
    assert green < 60
    assert blue < 60


def test_a_large_picture_is_printed_no_larger_than_print_needs() -> None:
    """Its shape stays."""
    drawing = read_raster(saved(Image.new("RGB", (3000, 1500), "teal"), "JPEG"), "JPEG")
    assert (drawing.width, drawing.height) == (LONGEST_SIDE, LONGEST_SIDE / 2)


def test_half_a_picture_is_refused_also_where_weasyprint_is_at_work() -> None:
    """It tells Pillow to fill up what is missing; that stays as it was."""
    data = saved(Image.effect_noise((200, 200), 90).convert("RGB"))
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, True
    try:
        with pytest.raises(Refusal) as refused:
            read_raster(data[: len(data) // 2], "PNG")
        assert ImageFile.LOAD_TRUNCATED_IMAGES is True
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
    assert refused.value.code == "picture-broken"


def test_the_same_picture_gives_the_same_bytes() -> None:
    """As everything that is made."""
    data = saved(Image.effect_noise((200, 200), 90).convert("RGB"), "JPEG")
    assert read_raster(data, "JPEG") == read_raster(data, "JPEG")
