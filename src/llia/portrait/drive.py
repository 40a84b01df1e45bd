"""A filmed face, or recorded motion -> the same motion on a portrait -> a film with the video's sound."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from llia.config import MARK_OF_PORTRAITS, Clock
from llia.data.films import SOUND_RATE_HZ, num_frames_of, read_frames, save_film
from llia.head.likeness import Likeness
from llia.head.motion import GAZE, HEAD_SHIFT, HEAD_TURN, Motion
from llia.portrait.edit import follow_gaze, within
from llia.portrait.find import Sights
from llia.portrait.look import examine
from llia.portrait.track import track
from llia.progress import progress

Picture = NDArray[np.uint8]
Decode = Callable[[Motion], Picture]

LATEST_START_S = 10.0  # a usable face must be seen before that
STEADY_FRAMES = 1.0  # spread over which the head's turn and shift are averaged; lips and lids are left as they are
SPREADS = 3  # how many of them count


@dataclass(frozen=True)
class Filmed:
    """What was read off a video: motion frame by frame, and which frames showed the face."""

    motion: NDArray[np.float32]  # T 66
    seen: NDArray[np.bool_]  # T
    warnings: tuple[str, ...]


def read_performance(video: Path, sights: Sights) -> Filmed:
    """A video of a face -> its motion at 25 frames a second; where the face is lost, the last motion is held."""
    likeness: Likeness | None = None
    warnings: tuple[str, ...] = ()
    why, motions, last = "", list[Motion | None](), None
    with progress("following the face", "frames", num_frames_of(video)) as tally:
        for frame in read_frames(video):
            if likeness is not None:
                last = track(frame, sights, likeness, last)
            elif len(motions) < LATEST_START_S * Clock().frames_per_second:
                seen = examine(frame, sights)
                why, last = seen.why, None
                if seen.found and seen.fitted is not None:
                    likeness, warnings = seen.fitted.likeness, seen.warnings
                    last = likeness.motion
            else:
                break
            motions.append(last)
            tally.advance()
    if likeness is None:
        raise ValueError(f"expected a face in the first {LATEST_START_S:.0f} s of {video}, got: {why}")
    seen_frames = np.array([motion is not None for motion in motions])
    if missing := int((~seen_frames).sum()):
        warnings += (f"{missing} of {len(motions)} frames show no face: the last motion is held there",)
    return Filmed(steady(np.stack(list(hold(motions, likeness.motion)))), seen_frames, warnings)


def hold(motions: list[Motion | None], first: Motion) -> Iterator[Motion]:
    """-> each motion, or the one before where there is none."""
    for motion in motions:
        first = first if motion is None else motion
        yield first


def steady(motion: NDArray[np.float32]) -> NDArray[np.float32]:
    """Motion read off a video, [T 66] -> without the trembling of the head that reading adds."""
    out, taps = motion.copy(), 2 * round(SPREADS * STEADY_FRAMES) + 1
    for part in (HEAD_TURN, HEAD_SHIFT):
        kernel = cv2.getGaussianKernel(taps, STEADY_FRAMES)
        smoothed = cv2.filter2D(motion[:, part].astype(np.float64), -1, kernel, borderType=cv2.BORDER_REPLICATE)
        out[:, part] = smoothed
    return out


def carry_over(performed: NDArray[np.float32], portrait: Motion, *, absolute: bool) -> NDArray[np.float32]:
    """Performed motion, [T 66], and the portrait's own -> motion of the portrait: changes since the first frame are
    added to its own, or the performed motion is taken as it is; the head's place is always the portrait's."""
    moved = performed.copy()
    if absolute:
        moved[:, HEAD_SHIFT] += portrait[HEAD_SHIFT] - performed[0, HEAD_SHIFT]
    else:
        moved += portrait - performed[0]
    moved = within(moved, np.broadcast_to(portrait, moved.shape))
    looked = np.abs(moved[:, GAZE] - portrait[GAZE]).max(1) > 0
    return np.stack([follow_gaze(frame) if new else frame for frame, new in zip(moved, looked, strict=True)])


def film_motion(
    motions: NDArray[np.float32], decode: Decode, output: Path, sound: NDArray[np.float32] | None,
    place: Callable[[Picture], Picture] | None = None,
) -> None:  # fmt: skip
    """Motion, [T 66], what paints a frame of it, and what puts that frame into its place -> an mp4, marked."""

    def frames() -> Iterator[Picture]:
        with progress("painting", "frames", len(motions)) as tally:
            for motion in motions:
                frame = decode(motion)
                yield place(frame) if place else frame
                tally.advance()

    if sound is not None:
        sound = sound[:, : len(motions) * SOUND_RATE_HZ // Clock().frames_per_second]
    save_film(output, frames(), None if sound is None else [sound], MARK_OF_PORTRAITS)
