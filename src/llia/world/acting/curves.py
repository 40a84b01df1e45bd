"""Curves over time at 100 Hz: band-limited noise, bumps, pulses, smoothing: what motion is made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.ndimage import convolve1d

from llia.head.habits import swell
from llia.head.shape import ease

Doubles = NDArray[np.float64]
Longs = NDArray[np.int64]

CURVE_HZ = 100
KNOTS_PER_CYCLE = 2
SPARE_KNOTS = 6


def times(num_steps: int) -> Doubles:
    """A number of steps -> their times, s."""
    return np.arange(num_steps) / CURVE_HZ


def noise(rng: np.random.Generator, num_steps: int, upper_hz: float) -> Doubles:
    """-> smooth noise of about unit size without anything much above upper_hz, [num_steps]."""
    num_knots = int(num_steps / CURVE_HZ * upper_hz * KNOTS_PER_CYCLE) + SPARE_KNOTS
    knots = np.arange(num_knots) / (num_knots - 1) * (num_steps + 1)
    return np.asarray(CubicSpline(knots, rng.normal(0, 1, num_knots))(np.arange(num_steps)))


def steps_between(start_s: float, end_s: float, num_steps: int) -> slice:
    """A stretch of time -> the steps that may feel it."""
    first = min(max(int(start_s * CURVE_HZ), 0), num_steps)
    return slice(first, min(max(int(end_s * CURVE_HZ) + 2, first), num_steps))


def bump(num_steps: int, start_s: float, rise_s: float, hold_s: float, fall_s: float) -> tuple[slice, Doubles]:
    """A rise, a hold and a fall -> the steps it covers and its values there, at most 1."""
    where = steps_between(start_s, start_s + rise_s + hold_s + fall_s, num_steps)
    return where, swell(np.arange(where.start, where.stop) / CURVE_HZ, start_s, rise_s, hold_s, fall_s)


def add_bump(curve: Doubles, size: float, start_s: float, rise_s: float, hold_s: float, fall_s: float) -> None:
    """Adds a bump to a curve in place."""
    where, values = bump(len(curve), start_s, rise_s, hold_s, fall_s)
    curve[where] += size * values


def raise_pulse(curve: Doubles, middle_s: float, half_s: float, ramp_s: float) -> None:
    """Lifts a curve in place to 1 within half_s of the middle, with eased ramps outside."""
    reach_s = half_s + ramp_s
    where = steps_between(middle_s - reach_s, middle_s + reach_s, len(curve))
    now = np.arange(where.start, where.stop) / CURVE_HZ
    curve[where] = np.maximum(curve[where], ease(0, 1, (reach_s - np.abs(now - middle_s)) / ramp_s))


def smooth(curves: Doubles, taps: int) -> Doubles:
    """Curves over the first axis -> the same with a raised-cosine window of that many taps run over them."""
    window = np.hanning(taps)
    return np.asarray(convolve1d(curves, window / window.sum(), axis=0, mode="nearest"))
