"""Figures -> one JSON object, and a table beside what was asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


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


def limit(bounds: tuple[float, float]) -> str:
    """-> "<= 3", ">= 3" or "0.8 to 1.25"."""
    low, high = bounds
    if math.isinf(low):
        return f"<= {high:g}"
    return f">= {low:g}" if math.isinf(high) else f"{low:g} to {high:g}"
