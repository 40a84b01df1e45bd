"""Figures -> one JSON object, and a table beside what was asked for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from llia.config import State


@dataclass(frozen=True)
class Bar:
    """What a figure must and should come to: at most, at least, or between two."""

    what: str
    unit: str
    must: tuple[float, float]
    aim: tuple[float, float]


def at_most(what: str, unit: str, must: float, aim: float) -> Bar:
    return Bar(what, unit, (-math.inf, must), (-math.inf, aim))


def at_least(what: str, unit: str, must: float, aim: float) -> Bar:
    return Bar(what, unit, (must, math.inf), (aim, math.inf))


PORTRAIT: dict[str, Bar] = {
    "sight_nme": at_most("landmarks, one look, error", "% of the eyes", 3.5, 2.5),
    "lips_nme": at_most("inner lips, closer look, error", "% of the eyes", 2.2, 1.5),
    "lids_nme": at_most("eyelids, closer look, error", "% of the eyes", 1.5, 1.0),
    "sigma_sd": Bar("errors over sigma, spread", "", (0.8, 1.25), (0.9, 1.1)),
    "recall": at_least("people found", "%", 99.0, 99.0),
    "false_finds": at_most("found where nobody is", "%", 1.0, 1.0),
    "fit_error": at_most("fitted landmarks, median error", "% of the face box", 1.0, 0.6),
    "painter_psnr_db": at_least("painted picture", "dB", 26, 30),
    "painter_mouth_psnr_db": at_least("painted mouth", "dB", 23, 27),
    "painter_eyes_psnr_db": at_least("painted eyes", "dB", 23, 27),
    "fitted_loss_db": at_most("lost with the fitted head", "dB", 3, 3),
    "judge_lip_corr": at_least("lip gap read by the judge, correlation", "", 0.95, 0.98),
    "identity_psnr_db": at_least("portrait in its own motion", "dB", 34, 38),
    "flicker_ratio": at_most("flicker over the truth's", "", 1.5, 1.1),
}

MOTION: dict[str, Bar] = {
    "lip_corr_1step": at_least("lip gap, one step, correlation", "", 0.88, 0.95),
    "lip_lag_frames": Bar("lips come late by", "frames", (-1, 1), (-1, 1)),
    "lip_corr_pictures": at_least("lip gap read in painted pictures", "", 0.84, 0.93),
    "lip_corr_new_voices": at_least("lip gap, speakers kept from training", "", 0.84, 0.92),
    "closure_new_voices": at_least("closed on p, b, m, the same speakers", "", 0.80, 0.95),
    "closure_rate": at_least("closed on p, b, m", "", 0.90, 0.98),
    "lip_spread_ratio": Bar("lip gap, spread over the truth's", "", (0.85, 1.15), (0.95, 1.05)),
    "silence_motion_ratio": at_most("lips in silence over the truth's", "", 1.5, 1.0),
    "seam_ratio": at_most("seam of the mouth over the truth's", "", 1.15, 1.05),
    "head_seam_ratio": at_most("seam of the head over the truth's", "", 1.15, 1.05),
    "one_step_loss": at_most("lip gap lost against 20 steps", "", 0.03, 0.01),
    "t4_loss": at_most("lip gap lost with T = 4 against 16", "", 0.04, 0.02),
    "blink_rate_ratio": Bar("blinks over the truth's, worst state", "", (0.7, 1.3), (0.9, 1.1)),
    "nod_rate_ratio": Bar("nods over the truth's, worst state", "", (0.7, 1.3), (0.9, 1.1)),
    "gaze_rate_ratio": Bar("gaze shifts over the truth's, worst state", "", (0.7, 1.3), (0.9, 1.1)),
    "head_speed_ratio": Bar("head speed over the truth's, worst state", "", (0.7, 1.3), (0.9, 1.1)),
    "band_share_error": at_most("head motion, worst band, share off by", "", 0.12, 0.05),
    "emotions_visible": at_least("feelings that show and grow as asked", "of 4", 4, 4),
    "liveliness_spearman": at_least("head's spread grows with liveliness", "", 0.9, 0.98),
}


def to_plain(figures: Mapping[str, float], bars: Mapping[str, Bar], **about: object) -> dict[str, object]:
    """Figures and what else is to be said -> one JSON object with all bars' keys; what was not measured is null."""
    asked = {name: figures.get(name, math.nan) for name in bars} | dict(figures)
    plain = {name: round(value, 4) if math.isfinite(value) else None for name, value in asked.items()}
    return plain | about


def judge_figure(value: float, bar: Bar) -> str:
    """-> "missing", "below must", "must" or "aim"."""
    if not math.isfinite(value):
        return "missing"
    for name, (low, high) in (("aim", bar.aim), ("must", bar.must)):
        if low <= value <= high:
            return name
    return "below must"


def show(figures: Mapping[str, float], bars: Mapping[str, Bar], console: Console) -> None:
    """Prints the figures beside their bars."""
    colours = {"aim": "green", "must": "yellow", "below must": "red", "missing": "dim"}
    table = Table(box=None)
    for column in ("figure", "what", "measured", "must", "aim", ""):
        table.add_column(column, justify="left" if column in ("figure", "what", "") else "right")
    for name, bar in bars.items():
        value = figures.get(name, math.nan)
        verdict = judge_figure(value, bar)
        measured = f"{value:.3g} {bar.unit}" if math.isfinite(value) else "-"
        table.add_row(name, bar.what, measured, limit(bar.must), limit(bar.aim), f"[{colours[verdict]}]{verdict}[/]")
    console.print(table)


def show_chance(figures: Mapping[str, float], names: Iterable[str], console: Console) -> None:
    """Prints how often or how fast something happens in each state, beside the truth, and how far chance goes."""
    for name in ("lip_corr", "closure_rate"):
        if f"{name}_low" in figures:
            console.print(f"{name} from {figures[f'{name}_low']:.3f} to {figures[f'{name}_high']:.3f}, in nine of ten")
    table = Table(box=None)
    for column in ("by state", "state", "made", "true", "made over true", "in nine of ten draws of people"):
        table.add_column(column, justify="left" if column in ("by state", "state") else "right")
    for name in names:
        for state in (one.name.lower() for one in State):
            if f"{name}_{state}" not in figures:
                continue
            made, true, ratio, low, high = (
                figures[f"{name}{what}_{state}"] for what in ("", "_truth", "_ratio", "_low", "_high")
            )
            table.add_row(name, state, f"{made:.3g}", f"{true:.3g}", f"{ratio:.2f}", f"{low:.2f} to {high:.2f}")
    console.print(table)


def limit(bounds: tuple[float, float]) -> str:
    """-> "<= 3", ">= 3" or "0.8 to 1.25"."""
    low, high = bounds
    if math.isinf(low):
        return f"<= {high:g}"
    return f">= {low:g}" if math.isinf(high) else f"{low:g} to {high:g}"
