"""What was seen in a picture -> a picture of it: landmarks, mesh, normals and what the fit leaves over."""

from __future__ import annotations

import textwrap
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from llia.data.tiles import arrange, label
from llia.head.likeness import Crop, Likeness, project
from llia.head.raster import Style, empty_buffers, interpolate, rasterize
from llia.head.shape import Material, load_head, vertex_normals
from llia.portrait.find import Found
from llia.portrait.fit import Fitted
from llia.portrait.look import Look, certainty
from llia.portrait.square import cut_square

Picture = NDArray[np.uint8]
Points = NDArray[np.floating[Any]]

TILE_PX = 512
FINER = 2  # lines are drawn so many times finer, then averaged
NUM_USUAL = 68
NO_CUT = np.zeros((0, 4), np.float32)  # none of the styles used here cuts
GREEN, YELLOW, RED, WHITE = (80, 230, 120), (255, 210, 60), (255, 70, 60), (255, 255, 255)
LINES = (
    range(17), range(17, 22), range(22, 27), range(27, 31), range(31, 36), (*range(36, 42), 36), (*range(42, 48), 42),
    (*range(48, 60), 48), (*range(60, 68), 60),
)  # fmt: skip
STRETCHED = 3  # distances between fitted and seen points are drawn so many times longer
BAD_SHARE = 0.05  # of the face box: a residual that is drawn all red
WORDS_PX, WORDS_ACROSS, WORDS_MARGIN_PX = 18, 50, 12
MESH_SHARE = 0.55


def draw_look(picture: Picture, look: Look) -> Picture:
    """A picture and what was seen in it -> four tiles, or one with the reason where nothing was fitted."""
    if look.fitted is None or look.face is None:
        return say(overview(picture, look.face), look.why)
    likeness = look.fitted.likeness
    square = cut_square(picture, likeness.crop, TILE_PX)
    mesh, normals = draw_head(square, likeness)
    tiles = [
        label(draw_landmarks(square, look.face, likeness.crop), f"landmarks, certainty {certainty(look.face):.2f}"),
        label(mesh, "fitted head"),
        label(normals, "its normals"),
        label(
            draw_residual(square, look.face, look.fitted),
            f"seen to fitted, {STRETCHED} times as long; residual {100 * look.fitted.residual:.2f} %",
        ),
    ]
    sheet = arrange(tiles, 2)
    return say(sheet, look.why) if look.why else sheet


def overview(picture: Picture, face: Found | None) -> Picture:
    """-> the whole picture on a square tile, with the face if there is one."""
    height, width = picture.shape[:2]
    crop = Crop(width / 2, height / 2, float(max(height, width)))
    tile = cut_square(picture, crop, TILE_PX)
    return draw_landmarks(tile, face, crop) if face else tile


def draw_landmarks(square: Picture, face: Found, crop: Crop) -> Picture:
    """-> the points, joined as usual; a larger ring is a less certain point."""
    canvas, scale = enlarge(square), TILE_PX * FINER / 2
    places = (crop.from_picture(face.points) + 1) * scale
    radius = face.sigma * 2 / crop.side * scale
    for line in LINES:
        cv2.polylines(canvas, [np.rint(places[list(line)]).astype(np.int32)], False, GREEN, 1, cv2.LINE_AA)
    for number, (x, y) in enumerate(np.rint(places).astype(int).tolist()):
        colour = YELLOW if number >= NUM_USUAL else GREEN
        cv2.circle(canvas, (x, y), 3, colour, -1, cv2.LINE_AA)
        cv2.circle(canvas, (x, y), int(np.clip(radius[number], 1, TILE_PX)), colour, 1, cv2.LINE_AA)
    corners = np.array([face.box[:2], face.box[2:]])
    (left, top), (right, bottom) = np.rint((crop.from_picture(corners) + 1) * scale).astype(int).tolist()
    cv2.rectangle(canvas, (left, top), (right, bottom), WHITE, 2)
    return reduce(canvas)


def draw_head(square: Picture, likeness: Likeness) -> tuple[Picture, Picture]:
    """-> the fitted head over the picture as a mesh, and by its normals."""
    head, vertices = load_head(), likeness.pose(likeness.motion)
    side = TILE_PX * FINER
    screen = project(vertices, likeness.camera, side)
    depth, ids = empty_buffers(side, side)
    style = np.where(head.material == Material.LASH, Style.SKIPPED, Style.CULLED).astype(np.uint8)
    rasterize(screen, head.triangles, style, NO_CUT, depth, ids)
    seen = np.unique(ids[ids >= 0])
    mesh = enlarge(square)
    corners = np.rint(screen[head.triangles[seen], :2]).astype(np.int32)
    cv2.polylines(mesh, list(corners), True, WHITE, 1, cv2.LINE_AA)
    ways = np.empty_like(vertices)
    vertex_normals(vertices, head.triangles, ways)
    colours = (interpolate(screen, head.triangles, ids, ways) + 1) * 127.5
    normals = np.where(ids[..., None] >= 0, colours, enlarge(square) * 0.5).astype(np.uint8)
    drawn = cv2.addWeighted(mesh, MESH_SHARE, enlarge(square), 1 - MESH_SHARE, 0)
    return reduce(np.asarray(drawn, np.uint8)), reduce(normals)


def draw_residual(square: Picture, face: Found, fitted: Fitted) -> Picture:
    """-> from each point seen towards where the fitted head has it."""
    canvas, crop = enlarge(square), fitted.likeness.crop
    seen, had = ((crop.from_picture(points) + 1) * TILE_PX * FINER / 2 for points in (face.points, fitted.points))
    ends = seen + STRETCHED * (had - seen)
    for start, end, residual in zip(
        np.rint(seen).astype(int), np.rint(ends).astype(int), fitted.residuals, strict=True
    ):
        bad = float(np.clip(residual / BAD_SHARE, 0, 1))
        colour = tuple(round(g + (r - g) * bad) for g, r in zip(GREEN, RED, strict=True))
        cv2.line(canvas, start, end, colour, 2, cv2.LINE_AA)
        cv2.circle(canvas, start, 3, colour, -1, cv2.LINE_AA)
    return reduce(canvas)


def enlarge(square: Picture) -> Picture:
    side = len(square) * FINER
    return np.asarray(cv2.resize(square, (side, side), interpolation=cv2.INTER_LINEAR), np.uint8)


def reduce(canvas: Picture) -> Picture:
    side = len(canvas) // FINER
    return np.asarray(cv2.resize(canvas, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def say(picture: Picture, words: str) -> Picture:
    """-> the picture with a sentence below it."""
    text = "\n".join(textwrap.wrap(words, WORDS_ACROSS * picture.shape[1] // TILE_PX))
    height = WORDS_PX * (text.count("\n") + 1) * 3 // 2 + 2 * WORDS_MARGIN_PX
    strip = Image.new("RGB", (picture.shape[1], height), "black")
    font = ImageFont.load_default(WORDS_PX)
    ImageDraw.Draw(strip).text((WORDS_MARGIN_PX, WORDS_MARGIN_PX), text, fill="white", font=font)
    return np.concatenate([picture, np.asarray(strip, np.uint8)])
