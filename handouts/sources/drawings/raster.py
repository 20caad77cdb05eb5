"""A logo of pixels (PNG, JPEG) → a PNG of ours: upright, in sRGB, no larger than print needs, with nothing but pixels."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from PIL import Image, ImageCms, ImageFile, ImageOps

from handouts.model import Drawing
from handouts.sources.drawings.refusals import Refusal

MOST_PICTURE_BYTES = 5_000_000
PIXELS = 16_000_000  # 64 MB of memory; a page of A4 at 300 dots per inch has 9
PROFILE = 4_000_000  # bytes of a colour profile: those of printers have about two million
SHORTEST_SIDE = 24  # pixels: less is an icon of a browser, and a blur on paper
LONGEST_SIDE = 1_000  # pixels along the longer side, as printed: 600 dots per inch where a logo is 42 mm long

PictureFormat = Literal["PNG", "JPEG"]


def read_raster(data: bytes, form: PictureFormat) -> Drawing:
    """Return the picture in a file. Raises Refusal where it is too large, or is not a whole picture."""
    if len(data) > MOST_PICTURE_BYTES:
        raise _too_large(f"the file has {len(data):,} bytes; a picture may have {MOST_PICTURE_BYTES:,}.")
    with _strict():
        try:
            with Image.open(io.BytesIO(data), formats=[form]) as image:
                _check_size(*image.size)
                pixels = _upright(image)
                pixels = _srgb(pixels, pixels.info.get("icc_profile"))
        except Refusal:
            raise
        except Image.DecompressionBombError:
            raise _too_large("the picture has too many pixels.") from None
        except Exception as error:  # noqa: BLE001 - Pillow's decoders raise whatever they come across
            what = f"the {form} cannot be read to its end ({type(error).__name__})."
            raise Refusal("picture-broken", what, "Open it in a picture program and save it again.") from None
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    pixels.save(written, "PNG", optimize=True)
    return Drawing(written.getvalue(), "png", *map(float, pixels.size))


@contextmanager
def _strict() -> Iterator[None]:
    """Let no half picture through: WeasyPrint tells Pillow to take them. Large ones are ours to tell."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _check_size(width: int, height: int) -> None:
    """Raise Refusal for a picture that is too large to be decoded, too small to be printed, or a line."""
    if width * height > PIXELS:
        raise _too_large(f"the picture has {width:,} x {height:,} pixels; it may have {PIXELS:,} in all.")
    if min(width, height) < SHORTEST_SIDE:
        what = f"the picture has {width} x {height} pixels: too few to be printed."
        raise Refusal("picture-too-small", what, "Export it larger, 500 pixels wide or more.")


def _upright(image: Image.Image) -> Image.Image:
    """Return the pixels as they are to be seen, turned as the camera says."""
    image.draft(
        image.mode, (LONGEST_SIDE, LONGEST_SIDE)
    )  # a JPEG of many pixels is read as a smaller one, at no loss for print
    image.load()
    turned = ImageOps.exif_transpose(image)
    return turned or image


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the pixels as RGB, or as RGBA where one sees through some; the colour profile applied. Raises Refusal."""
    clear = "transparency" in image.info or image.mode in {"LA", "PA", "La", "RGBA", "RGBa"}
    alpha = image.convert("RGBA").getchannel("A") if clear else None
    flat = image
    if image.mode not in {"RGB", "CMYK", "L"}:
        flat = image.convert("RGBA").convert("RGB") if clear else _eight_bits(image).convert("RGB")
    if profile:
        flat = _applied(flat, profile[:PROFILE])  # what is cut off is found to be broken
    flat = flat.convert("RGB")
    if alpha is not None and alpha.getextrema() != (255, 255):
        flat.putalpha(alpha)
    flat.info.clear()
    return flat


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return grey of sixteen bits as grey of eight; Pillow's own way cuts off everything above 255."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image


def _applied(image: Image.Image, profile: bytes) -> Image.Image:
    """Return the pixels in sRGB, from the colours of a profile. Raises Refusal for one that is broken."""
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        result = ImageCms.profileToProfile(image, own, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        what = "the colour profile of the picture does not belong to its colours."
        raise Refusal("picture-invalid-profile", what, "Save it in sRGB.") from None
    return result or image


def _too_large(what: str) -> Refusal:
    return Refusal("picture-too-large", what, "Save it smaller: 1,000 pixels wide is enough for print.")
