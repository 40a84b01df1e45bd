"""Arrays of what was made and of the truth -> one number each, from pictures, landmarks and curves over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from llia.head.measures import INNER_LIP_LOWER, INNER_LIP_UPPER, OUTER_EYE_LEFT, OUTER_EYE_RIGHT

Array = NDArray[Any]
Box = Sequence[float] | Array  # left, top, right, bottom, in pixels

WHITE = 255.0
LEAST_SQUARED = 1e-3  # of pictures in 0..255: equal ones come to 78 dB, not to infinity
FLICKER_HZ = 6.0
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
STILL = 1e-9  # a spread below that is none


def psnr_db(picture: Array, truth: Array, boxes: Sequence[Box] | None = None) -> float:
    """Two pictures, [H W 3] in 0..255 -> peak signal to noise, dB; of what lies in the boxes, if some are given."""
    squared = (picture.astype(np.float32) - truth.astype(np.float32)) ** 2
    if boxes is not None:
        squared = squared[inside(boxes, *truth.shape[:2])]
        if not len(squared):
            raise ValueError("expected boxes that touch the picture, got none; measure pictures that show the face")
    return float(10 * np.log10(WHITE**2 / max(float(squared.mean(dtype=np.float64)), LEAST_SQUARED)))


def inside(boxes: Sequence[Box], height: int, width: int) -> NDArray[np.bool_]:
    """Boxes -> the pixels whose middles lie in any of them, [H W]."""
    x, y = np.arange(width) + 1 / 2, np.arange(height) + 1 / 2
    covered = np.zeros((height, width), bool)
    for left, top, right, bottom in boxes:
        covered |= ((y >= top) & (y < bottom))[:, None] & ((x >= left) & (x < right))[None]
    return covered


def sharpness(picture: Array) -> float:
    """A picture, [H W 3] -> how much its luma differs from its own blur over 5 pixels, rms in 0..255."""
    luma = picture.astype(np.float32) @ LUMA
    return float(np.sqrt(np.mean((luma - cv2.blur(luma, (5, 5))) ** 2)))


def outer_eye_distances(points: Array) -> Array:
    """Landmarks, [... >=68 2] -> the distance that landmark errors are divided by, [...]."""
    return np.asarray(np.linalg.norm(points[..., OUTER_EYE_LEFT, :] - points[..., OUTER_EYE_RIGHT, :], axis=-1))


def normalised_errors(points: Array, truth: Array, part: slice | Sequence[int] = slice(0, 68)) -> Array:
    """Landmarks, [... N 2] -> mean distance of a part of them to the true ones in outer-eye distances, [...]."""
    away = np.linalg.norm(points[..., part, :] - truth[..., part, :], axis=-1)
    return np.asarray(away.mean(-1) / outer_eye_distances(truth))


def sigma_spread(points: Array, truth: Array, sigma: Array) -> float:
    """Landmarks, [... N 2], and their sigma, [... N] -> standard deviation of errors over sigma; 1 is calibrated."""
    return float(np.std((points - truth) / sigma[..., None]))


def lip_gaps(points: Array) -> Array:
    """Landmarks, [... >=68 2] -> the lip gap across the line between the eyes, in outer-eye distances, [...]."""
    across = points[..., OUTER_EYE_LEFT, :] - points[..., OUTER_EYE_RIGHT, :]
    down = np.stack([-across[..., 1], across[..., 0]], -1)
    gap = points[..., INNER_LIP_LOWER, :] - points[..., INNER_LIP_UPPER, :]
    return np.asarray((gap * down).sum(-1) / (across**2).sum(-1))


def share_below(values: Array, limit: float) -> float:
    """-> the share of values below a limit; nan is not below."""
    return float(np.mean(values < limit))


def threshold_for(values: Array, share: float) -> float:
    """-> the least limit that at least this share of the values lie below."""
    place = min(int(np.ceil(share * len(values))), len(values)) - 1
    return float(np.nextafter(np.sort(values)[max(place, 0)], np.inf))


def correlation(made: Array, truth: Array) -> float:
    """Two curves -> Pearson's correlation; nan if one of them never moves."""
    if np.std(made) < STILL or np.std(truth) < STILL:
        return float("nan")
    return float(np.corrcoef(made, truth)[0, 1])


def best_lag(made: Array, truth: Array, most: int, kept: NDArray[np.bool_] | None = None) -> tuple[int, float]:
    """Two curves, [F] -> by how many frames the made one comes late where they agree best, and the correlation there.

    `kept` says which frames of the truth count.
    """
    kept = np.ones(len(truth), bool) if kept is None else kept
    found = []
    for lag in range(-most, most + 1):
        here = np.flatnonzero(kept) + lag
        there = (here >= 0) & (here < len(made))
        found.append((correlation(made[here[there]], truth[np.flatnonzero(kept)[there]]), lag))
    best, lag = max(found, key=lambda one: (np.nan_to_num(one[0], nan=-2), -abs(one[1])))
    return lag, best


def ranks(values: Array) -> Array:
    """-> the place of each in their order, equal ones share the mean of their places."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[which])


def spearman(first: Array, second: Array) -> float:
    """Two rows of numbers -> the correlation of their ranks; 1 if one only ever grows with the other."""
    return correlation(ranks(first), ranks(second))


def spread_ratio(made: Array, truth: Array) -> float:
    """Two curves -> standard deviation of the made one over that of the truth."""
    return float(np.std(made) / max(float(np.std(truth)), STILL))


def power(curves: Array, frames_per_second: float) -> tuple[Array, Array]:
    """Curves, [F ...] -> frequencies, Hz, and the energy of each with trend and ends faded out, [F // 2 + 1 ...]."""
    num_frames = len(curves)
    curves = curves.reshape(num_frames, -1).astype(np.float32)
    time = np.linspace(-1, 1, num_frames, dtype=np.float32)
    slope = (time @ curves) / max(float(time @ time), STILL)
    level = curves - curves.mean(0) - time[:, None] * slope
    window = np.hanning(num_frames + 2)[1:-1].astype(np.float32)
    energy = np.abs(np.fft.rfft(level * window[:, None], axis=0)) ** 2
    return np.fft.rfftfreq(num_frames, 1 / frames_per_second), energy


def band_shares(curve: Array, frames_per_second: float, edges_hz: Sequence[float] = (0.5, 1.5, 3.5)) -> Array:
    """A curve, [F] or [F n] -> share of its speed's energy below, between and above the edges, [len(edges) + 1]."""
    hertz, energy = power(np.diff(curve, axis=0), frames_per_second)
    shares = np.bincount(np.searchsorted(edges_hz, hertz, side="right"), energy.sum(1), len(edges_hz) + 1)
    return np.asarray(shares / max(float(shares.sum()), STILL))


def fast_energy(film: Array, frames_per_second: float, above_hz: float = FLICKER_HZ) -> Array:
    """A film, [F H W 3] -> energy of its luma above a frequency, [H W]."""
    energy = np.empty(film.shape[1:3])
    for row in range(len(energy)):  # row by row: all pixels at once would not fit
        hertz, row_energy = power(film[:, row].astype(np.float32) @ LUMA, frames_per_second)
        energy[row] = row_energy[hertz > above_hz].sum(0) / len(film)
    return energy


def flicker_ratio(energy: Array, truth: Array) -> float:
    """Fast energy of two films of one motion, [H W] -> the made one's over the true one's."""
    return float(energy.sum() / max(float(truth.sum()), STILL))


def flicker_excess(energy: Array, truth: Array) -> float:
    """The same -> what the made one has beyond the truth, pixel by pixel, over all that the truth has: what flickers
    where it should not is not outweighed by hair and lashes that should and do not."""
    return float(np.maximum(energy - truth, 0).sum() / max(float(truth.sum()), STILL))
