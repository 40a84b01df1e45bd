"""Any picture file -> upright RGB bytes, with what had to be done to it; pixels -> a file that carries the mark."""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms, ImageOps, PngImagePlugin, UnidentifiedImageError

from llia.config import MARK_OF_PORTRAITS
from llia.data.disk import check_place, new_file

Pixels = NDArray[np.uint8]  # H W 3, RGB

# No others: some of Pillow's formats run programs or are no pictures of people.
FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF", "JPEG2000", "TGA")
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")  # that are written
MOST_BYTES, MOST_PIXELS = 200_000_000, 80_000_000
LEAST_PX = 24  # of the shorter side
BACKDROP = (200, 200, 204)  # behind what is transparent: a plain light grey
DEEP = 65535  # white of 16 bits
QUALITY = 95
FAULTS = (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError, TypeError)


@dataclass(frozen=True)
class Opened:
    """A picture, and in words what was unusual about it."""

    pixels: Pixels
    notes: tuple[str, ...] = ()


def open_picture(source: Path | bytes) -> Opened:
    """A picture file, or its bytes -> upright RGB; ValueError in one sentence where it is no picture."""
    name = str(source) if isinstance(source, Path) else f"{len(source)} bytes"
    data = read_bytes(source) if isinstance(source, Path) else source
    if not data:
        raise ValueError(f"expected a picture, got an empty file: {name}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, about broken metadata and about size, which is looked at here
        Image.init()
        try:
            image = Image.open(io.BytesIO(data), formats=[kind for kind in FORMATS if kind in Image.OPEN])
        except UnidentifiedImageError:
            kinds = ", ".join(FORMATS)
            raise ValueError(f"expected a picture ({kinds}), got something else: {name}; convert it to PNG") from None
        except Image.DecompressionBombError:
            raise ValueError(f"expected at most {MOST_PIXELS // 10**6} megapixels, got far more: {name}") from None
        except FAULTS as error:
            raise ValueError(f"expected a picture, got one that cannot be read: {name} ({error})") from None
        check_size(image.size, name)
        try:
            return develop(image)
        except FAULTS as error:
            reason = str(error).strip() or type(error).__name__
            raise ValueError(f"expected a whole picture, got a broken one: {name} ({reason}); save it again") from None


def read_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise IsADirectoryError(f"expected a picture, got the folder {path}; name one file in it")
    if not path.is_file():
        raise FileNotFoundError(f"expected a picture, got nothing at {path}; check the path")
    if (size := path.stat().st_size) > MOST_BYTES:
        raise ValueError(f"expected a picture of at most {MOST_BYTES // 10**6} MB, got {size / 1e6:.0f} MB: {path}")
    return path.read_bytes()


def check_size(size: tuple[int, int], name: str) -> None:
    """Refuse what is too large to be unpacked and too small to show a face."""
    width, height = size
    if width * height > MOST_PIXELS:
        raise ValueError(
            f"expected at most {MOST_PIXELS // 10**6} megapixels, got {width} x {height} in {name}; make it smaller"
        )
    if min(width, height) < LEAST_PX:
        raise ValueError(f"expected at least {LEAST_PX} px a side, got {width} x {height} in {name}; use a larger one")


def develop(image: Image.Image) -> Opened:
    """A picture just opened -> its first frame, upright, RGB on a plain backdrop."""
    notes = []
    if getattr(image, "is_animated", False) and image.format != "MPO":
        notes.append(f"the picture is animated: the first of {getattr(image, 'n_frames', '?')} frames is taken")
    image.seek(0)
    image.load()
    profile = image.info.get("icc_profile")
    turned = ImageOps.exif_transpose(image)
    if turned.mode.startswith("I") or turned.mode == "F":
        turned = from_deep(turned)
    if turned.has_transparency_data:
        notes.append("the picture is transparent: it is laid on a plain light grey")
        whole = turned.convert("RGBA")
        turned = Image.new("RGBA", whole.size, (*BACKDROP, 255))
        turned.alpha_composite(whole)
        profile = None if image.mode not in ("RGBA", "RGB") else profile
    rgb = to_srgb(turned, profile)
    return Opened(np.ascontiguousarray(np.asarray(rgb, np.uint8)), tuple(notes))


def from_deep(image: Image.Image) -> Image.Image:
    """Grey of 16 bits or more -> grey of 8."""
    values = np.asarray(image, np.float64)
    if not np.isfinite(values).all():
        raise ValueError("not all of its values are finite")
    most = values.max(initial=0)
    white = 1.0 if image.mode == "F" and most <= 1 else 255.0 if most <= 255 and image.mode != "I;16" else DEEP
    return Image.fromarray(np.clip(np.rint(values * (255 / white)), 0, 255).astype(np.uint8))


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """A picture and its colour profile -> as a screen shows it; a profile that makes no sense is passed over."""
    if image.mode in ("RGBA", "P", "PA", "LA", "1"):
        image = image.convert("RGB")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            source: Any = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            assert converted is not None, "not in place"
            return converted
        except (ImageCms.PyCMSError, OSError):
            pass  # what the profile would change is less than what a refusal would cost
    return image.convert("RGB")


def save_picture(pixels: Pixels, path: Path, mark: str = MARK_OF_PORTRAITS) -> None:
    """Pixels, [H W 3] -> a file that says in its metadata what it is."""
    check_place(path, SUFFIXES)
    with new_file(path) as file:
        file.write(encode_picture(pixels, path.suffix.lower(), mark))


def encode_picture(pixels: Pixels, suffix: str, mark: str = MARK_OF_PORTRAITS) -> bytes:
    """Pixels, [H W 3] and a file's suffix -> that file's bytes, marked."""
    image, file = Image.fromarray(pixels), io.BytesIO()
    if suffix == ".png":
        words = PngImagePlugin.PngInfo()
        words.add_text("Comment", mark)
        words.add_text("Software", "llia")
        image.save(file, "PNG", pnginfo=words)
        return file.getvalue()
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription], exif[ExifTags.Base.Software] = mark, "llia"
    if suffix == ".webp":
        image.save(file, "WEBP", quality=QUALITY, exif=exif)
    else:
        image.save(file, "JPEG", quality=QUALITY, subsampling=0, exif=exif, comment=mark)
    return file.getvalue()
