"""A performance beside its scenes -> a picture of curves: lips, head and lids of some people, made and true."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from llia.config import Clock, State
from llia.eval.movement import CLOSING, blinks
from llia.eval.rollout import Floats, Scenes
from llia.head.measures import LIPS_CLOSED_CM
from llia.head.motion import MOTION_INDEX

Array = NDArray[Any]

MOST_PEOPLE = 6
LIPS_S = 6.0  # of a person's talk; heads and lids are shown from first to last
INCHES, DOTS_PER_INCH = (20.0, 3.0), 90  # of a person's row
MADE, TRUE = "tab:red", "0.45"
COLOURS = {State.SPEAKING: "tab:orange", State.LISTENING: "tab:blue", State.IDLE: "0.8"}
ANGLES = {"head.yaw": 0.0, "head.pitch": 25.0, "head.roll": 50.0}  # degrees by which curves stand apart
TALL = 1.6  # of one train of blinks over the other, in usual apertures
WIDTH = 0.9
TITLES = ("lip gap, cm", "head: yaw, pitch, roll, degrees", "lids: usual = 1")


def plot(made: Floats, scenes: Scenes) -> NDArray[np.uint8]:
    """Motion, [K F 66], and its scenes -> a picture: a row for each of the first people; red is made, grey is true,
    the ground is orange in speech, blue while listening; bars mark p, b and m."""
    scenes = scenes.until(made.shape[1])
    count = min(MOST_PEOPLE, len(made))
    figure = Figure((INCHES[0], INCHES[1] * count), DOTS_PER_INCH, layout="tight")
    panels = figure.subplots(count, 3, squeeze=False, width_ratios=(1.3, 1, 1))
    for row in range(count):
        one = scenes.chosen([row])
        plot_lips(panels[row, 0], made[row : row + 1], one)
        plot_head(panels[row, 1], made[row], one)
        plot_lids(panels[row, 2], made[row : row + 1], one)
    for panel, title in zip(panels[0], TITLES, strict=True):
        panel.set_title(title)
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    return np.ascontiguousarray(np.asarray(canvas.buffer_rgba())[..., :3])


def seconds(num_frames: int) -> Array:
    return np.arange(num_frames) / Clock().frames_per_second


def most_talk(state: Array, num_frames: int) -> int:
    """States, [F] -> where the stretch begins that has most speech in it."""
    talk = np.convolve(state == State.SPEAKING, np.ones(num_frames), mode="valid")
    return int(talk.argmax())


def plot_lips(panel: Any, made: Floats, scene: Scenes) -> None:
    count = min(round(LIPS_S * Clock().frames_per_second), scene.num_frames)
    here = slice(most_talk(scene.state[0], count), None)
    here = slice(here.start, here.start + count)
    time = seconds(scene.num_frames)[here]
    panel.plot(time, scene.spans(scene.motion, "lip_gap")[0, here], color=TRUE, lw=2 * WIDTH)
    panel.plot(time, scene.spans(made, "lip_gap")[0, here], color=MADE, lw=WIDTH)
    panel.axhline(LIPS_CLOSED_CM, color="k", lw=WIDTH / 2)
    for start_s, end_s, ipa, *_ in scene.phones[0]:
        if str(ipa).startswith(CLOSING) and time[0] <= start_s <= time[-1]:
            panel.axvspan(start_s, end_s, color="tab:green", alpha=0.25)
    panel.set_xlim(time[0], time[-1])


def plot_head(panel: Any, made: Floats, scene: Scenes) -> None:
    time = seconds(len(made))
    paint_states(panel, scene)
    for name, apart in ANGLES.items():
        for motion, colour in ((scene.motion[0], TRUE), (made, MADE)):
            panel.plot(time, np.degrees(motion[:, MOTION_INDEX[name]]) - apart, color=colour, lw=WIDTH)


def plot_lids(panel: Any, made: Floats, scene: Scenes) -> None:
    time = seconds(made.shape[1])
    paint_states(panel, scene)
    for motion, colour, raised in ((scene.motion, TRUE, TALL), (made, MADE, 0.0)):
        lids = (scene.spans(motion, "eye_left") + scene.spans(motion, "eye_right"))[0]
        panel.plot(time, lids / np.median(lids) + raised, color=colour, lw=WIDTH)
        panel.plot(time[blinks(lids)], np.full(int(blinks(lids).sum()), raised), "k.", ms=4)


def paint_states(panel: Any, scene: Scenes) -> None:
    """The ground of a panel in the colours of the states."""
    state, time = scene.state[0], seconds(scene.num_frames)
    turns = [0, *(np.flatnonzero(np.diff(state)) + 1).tolist(), len(state) - 1]
    for first, last in itertools.pairwise(turns):
        panel.axvspan(time[first], time[last], color=COLOURS[State(int(state[first]))], alpha=0.15, lw=0)
    panel.set_xlim(time[0], time[-1])
