"""Any picture file comes in upright and RGB or is refused in one sentence; what goes out says what it is."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from llia.config import MARK_OF_PORTRAITS
from llia.head.likeness import Crop
from llia.portrait.pictures import BACKDROP, encode_picture, open_picture, save_picture
from llia.portrait.square import Paste, cut_square, fit_for_film

WIDTH, HEIGHT = 48, 32


def scene() -> np.ndarray:
    """-> a picture of which every corner is different."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return np.stack([x * 5, y * 7, 255 - x * 3 - y * 2], -1).astype(np.uint8)


def packed(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_is_turned_back(orientation: int) -> None:
    upright = Image.fromarray(scene())
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # how the camera stored it, by Pillow's names of transposing
    stored = upright.transpose(Image.Transpose(back[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = packed(stored, "PNG", exif=exif)
    assert np.array_equal(np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data)))), scene())
    assert np.array_equal(open_picture(data).pixels, scene())


def test_grey_palette_and_deep_pictures() -> None:
    grey = scene()[..., 0]
    assert np.array_equal(open_picture(packed(Image.fromarray(grey), "PNG")).pixels, grey[..., None].repeat(3, -1))
    deep = Image.fromarray(grey.astype(np.uint16) * 257)
    for kind in ("PNG", "TIFF"):
        assert np.array_equal(open_picture(packed(deep, kind)).pixels, grey[..., None].repeat(3, -1))
    unit = Image.fromarray((grey / 255).astype(np.float32))
    assert np.abs(open_picture(packed(unit, "TIFF")).pixels[..., 1].astype(int) - grey).max() <= 1
    few = Image.fromarray(scene()).quantize(16)
    assert np.array_equal(open_picture(packed(few, "PNG")).pixels, np.asarray(few.convert("RGB")))
    ink = Image.fromarray(grey > 100)
    assert set(np.unique(open_picture(packed(ink, "PNG")).pixels)) == {0, 255}


def test_printed_colours_and_profiles() -> None:
    printed = Image.fromarray(scene()).convert("CMYK")
    for kind in ("TIFF", "JPEG"):
        opened = open_picture(packed(printed, kind, **({"quality": 98} if kind == "JPEG" else {})))
        assert np.abs(opened.pixels.astype(int) - scene()).mean() < 6
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = packed(Image.fromarray(scene()), "PNG", icc_profile=profile)
    assert np.abs(open_picture(data).pixels.astype(int) - scene()).max() <= 1
    broken = packed(Image.fromarray(scene()), "PNG", icc_profile=b"no profile at all")
    assert np.array_equal(open_picture(broken).pixels, scene())


def test_a_transparent_picture_is_laid_on_a_plain_backdrop() -> None:
    cover = np.zeros((HEIGHT, WIDTH), np.uint8)
    cover[:, 24:] = 255
    cover[:, 20:24] = 128
    for data in (
        packed(Image.fromarray(np.dstack([scene(), cover])), "PNG"),
        packed(Image.fromarray(np.dstack([scene(), cover])), "WEBP", lossless=True, exact=True),
    ):
        opened = open_picture(data)
        assert np.array_equal(opened.pixels[:, 24:], scene()[:, 24:])
        assert (opened.pixels[:, :20] == BACKDROP).all()
        between = (scene()[:, 20:24].astype(float) + BACKDROP) / 2
        assert np.abs(opened.pixels[:, 20:24] - between).max() < 2
        assert "transparent" in opened.notes[0]
    few = Image.fromarray(scene()).quantize(8)
    opened = open_picture(packed(few, "PNG", transparency=0))
    assert (opened.pixels[np.asarray(few) == 0] == BACKDROP).all()
    assert open_picture(packed(Image.fromarray(scene()), "PNG")).notes == ()


def test_of_an_animated_picture_the_first_frame_is_taken() -> None:
    frames = [Image.fromarray(scene()), Image.fromarray(255 - scene()), Image.fromarray(scene()[::-1].copy())]
    data = packed(frames[0], "PNG", save_all=True, append_images=frames[1:])
    opened = open_picture(data)
    assert np.array_equal(opened.pixels, scene())
    assert "first of 3 frames" in opened.notes[0]
    moving = packed(
        frames[0].quantize(64), "GIF", save_all=True, append_images=[one.quantize(64) for one in frames[1:]]
    )
    assert "animated" in open_picture(moving).notes[0]


def bomb(width: int, height: int) -> bytes:
    """-> a small PNG that says it is large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_what_is_no_picture_is_refused_in_one_sentence(tmp_path: Path) -> None:
    whole = packed(Image.fromarray(np.random.default_rng(0).integers(0, 255, (200, 200, 3)).astype(np.uint8)), "PNG")
    photo = packed(Image.open(io.BytesIO(whole)), "JPEG")
    cases = [
        (b"", "empty file"),
        (b"hello, I am no picture", "expected a picture (JPEG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "expected a picture (JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "expected a picture (JPEG"),
        (whole[: len(whole) // 2], "expected a whole picture, got a broken one"),
        (photo[: len(photo) // 2], "expected a whole picture, got a broken one"),
        (whole[:20], "got"),
        (packed(Image.fromarray(scene()[:10, :10]), "PNG"), "at least 24 px a side, got 10 x 10"),
        (bomb(12_000, 9_000), "at most 80 megapixels, got 12000 x 9000"),
        (bomb(60_000, 60_000), "at most 80 megapixels"),
        (bomb(500, 500), "broken"),
    ]
    for data, words in cases:
        with pytest.raises(ValueError, match="expected") as caught:
            open_picture(data)
        assert words in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(FileNotFoundError, match="nothing at"):
        open_picture(tmp_path / "gone.png")
    with pytest.raises(IsADirectoryError, match="got the folder"):
        open_picture(tmp_path)


def test_any_spoilt_byte_is_a_picture_or_a_sentence() -> None:
    rng = np.random.default_rng(1)
    for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"):
        data = packed(Image.fromarray(scene()).convert("P" if kind == "GIF" else "RGB"), kind)
        for _ in range(40):
            spoilt = bytearray(data)
            for place in rng.integers(0, len(data), 3):
                spoilt[place] = rng.integers(0, 256)
            try:
                assert open_picture(bytes(spoilt)).pixels.ndim == 3
            except ValueError as error:
                assert str(error).startswith("expected") and len(str(error)) < 400


def test_written_pictures_carry_the_mark(tmp_path: Path) -> None:
    for suffix in (".png", ".jpg", ".jpeg", ".webp"):
        path = tmp_path / f"out{suffix}"
        save_picture(scene(), path)
        with Image.open(path) as image:
            told = str(image.info.get("Comment", "")) + str(image.info.get("comment", "")) + str(dict(image.getexif()))
            assert MARK_OF_PORTRAITS in told
        assert np.abs(open_picture(path).pixels.astype(int) - scene()).mean() < 4
    assert np.array_equal(open_picture(encode_picture(scene(), ".png")).pixels, scene())
    with pytest.raises(ValueError, match="expected a name that ends in"):
        save_picture(scene(), tmp_path / "out.txt")


def test_a_square_is_cut_where_it_lies() -> None:
    y, x = np.mgrid[:300, :400]
    picture = np.stack([x / 2, y / 2, (x + y) / 4], -1).astype(np.uint8)
    for crop, size in ((Crop(200, 150, 128), 128), (Crop(190.5, 140.25, 200, 0.3), 64), (Crop(200, 150, 60), 256)):
        square = cut_square(picture, crop, size)
        places = (np.mgrid[:size, :size] + 0.5) / size * 2 - 1
        told = crop.to_picture(np.stack([places[1], places[0]], -1)) - 0.5
        assert np.abs(square[..., 0] - told[..., 0] / 2).max() < 1.6
        assert np.abs(square[..., 1] - told[..., 1] / 2).max() < 1.6
    beyond = cut_square(picture, Crop(0, 150, 200), 100)
    assert np.abs(beyond[:, :50, 0].astype(int)).max() < 12  # what is beyond the border looks like the border


def test_what_is_pasted_back_has_no_seam() -> None:
    rng = np.random.default_rng(2)
    blurred = Image.fromarray(rng.integers(60, 150, (24, 32, 3)).astype(np.uint8)).resize(
        (640, 480), Image.Resampling.BICUBIC
    )
    picture = np.asarray(blurred)
    for crop in (Crop(300, 240, 256), Crop(250, 200, 300, 0.5), Crop(60, 60, 256), Crop(320, 240, 900)):
        square = cut_square(picture, crop, 256)
        paste = Paste(picture, crop, square)
        assert np.array_equal(paste(square), picture)  # what did not change stays the picture's own, to the bit
        share = (paste(square + np.uint8(40)).astype(float) - picture) / 40
        assert share.max() > 0.98 and share.min() > -0.02
        if crop.side == 256 and not crop.angle and crop.x > 200:
            outside = np.ones(picture.shape[:2], bool)
            outside[112:368, 172:428] = False
            assert np.array_equal(paste(square + np.uint8(40))[outside], picture[outside])
            assert np.abs(np.diff(share[240, :, 0], axis=0)).max() < 0.06  # the step from pixel to pixel


def test_what_moved_away_leaves_no_trace() -> None:
    """A line finer than the square can show is gone where the square has become something else."""
    picture = np.full((600, 600, 3), 120, np.uint8)
    picture[:, 300] = 250
    paste = Paste(picture, Crop(300, 300, 512), cut_square(picture, Crop(300, 300, 512), 256))
    other = paste(np.full((256, 256, 3), 90, np.uint8))
    assert np.abs(other[250:350, 250:350].astype(int) - 90).max() <= 1


def test_whole_pictures_are_made_small_enough_for_films() -> None:
    picture = np.zeros((3001, 4001, 3), np.uint8)
    small, crop = fit_for_film(picture, Crop(2000, 1500, 800, 0.1), 1920)
    assert small.shape[1] <= 1920 and small.shape[0] % 2 == 0 and small.shape[1] % 2 == 0
    assert crop.x / small.shape[1] == pytest.approx(0.5, abs=0.002) and crop.angle == 0.1
    same, _ = fit_for_film(picture[:101, :201], Crop(2, 3, 4), 1920)
    assert same.shape == (100, 200, 3)
