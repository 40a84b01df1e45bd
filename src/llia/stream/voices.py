"""What both voices sound like, frame by frame -> as loud as the networks know voices, and who of them speaks.

A voice far from its microphone hardly moves lips that learned from voices of one loudness. So each is brought to that
loudness, by a mean over what it said so far. A sound counts as voice where it stands out from the quietest that was
heard lately, and is not far below what that voice usually is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from llia.config import Config, State
from llia.data.sound import Floats, power_of, scaled_of

# Power is that of a mel step, summed over its bands; levels are natural logarithms of it.
USUAL_LEVEL = 4.05  # mean over frames of the voices that the networks learned from
OUTSTANDING = 10.0  # times the noise: then it is a voice
FARTHEST_BELOW = 6.0  # a voice's usual level
FIRST_NOISE, LEAST_NOISE = 0.1, 2e-3
RISE_PER_FRAME = 1.02  # of the noise, so that it is found where it grows
PRIOR_FRAMES, MEMORY_FRAMES = 8, 250  # how many frames the usual level counts for, and how many are remembered
MOST_DOWN, MOST_UP = -3.4, 4.6  # change of level: 15 dB quieter, 20 dB louder

HANG_OVER_MS = 300  # so long does a voice go on in the pauses between its words
LONG_SILENT = 10**6  # frames


@dataclass(frozen=True)
class Voice:
    """What is remembered of a voice."""

    noise: float = FIRST_NOISE  # the quietest lately
    level: float = USUAL_LEVEL
    num_heard: int = 0  # frames of voice, up to MEMORY_FRAMES
    silent: int = LONG_SILENT  # frames since it was heard

    @property
    def gain(self) -> float:
        """-> what its power is to be multiplied by."""
        return math.exp(min(max(USUAL_LEVEL - self.level, MOST_DOWN), MOST_UP))


Voices = tuple[Voice, Voice]  # own and other


def follow(voice: Voice, power: float) -> Voice:
    """A voice and the power of its next frame -> the voice after it."""
    noise = max(min(power, voice.noise * RISE_PER_FRAME), LEAST_NOISE)
    if power < max(OUTSTANDING * voice.noise, math.exp(voice.level - FARTHEST_BELOW)):
        return replace(voice, noise=noise, silent=voice.silent + 1)
    num_heard = min(voice.num_heard + 1, MEMORY_FRAMES)
    level = voice.level + (math.log(power) - voice.level) / (PRIOR_FRAMES + num_heard)
    return Voice(noise, level, num_heard, silent=0)


def follow_voices(
    windows: Floats, voices: Voices, config: Config, *, levelled: bool = True
) -> tuple[Floats, NDArray[np.bool_], NDArray[np.int64], Voices]:
    """Windows of both voices, 2 T A M -> the same at the usual loudness, where their newest steps are voice, 2 T,
    states, T, and the voices afterwards."""
    newest = power_of(windows[:, :, -config.clock.mel_steps_per_frame :]).sum(-1).mean(-1)  # 2 T
    hang_over = HANG_OVER_MS // config.clock.frame_ms + config.sound.frames_ahead
    gains, voiced, states = np.ones(newest.shape, np.float32), np.zeros(newest.shape, np.bool_), []
    for frame, powers in enumerate(newest.T.tolist()):
        own, other = (follow(voice, power) for voice, power in zip(voices, powers, strict=True))
        voices = own, other
        gains[:, frame] = own.gain, other.gain
        voiced[:, frame] = own.silent == 0, other.silent == 0
        speaking, listening = own.silent <= hang_over, other.silent <= hang_over
        states.append(State.SPEAKING if speaking else State.LISTENING if listening else State.IDLE)
    if levelled:
        windows = scaled_of(power_of(windows) * gains[..., None, None])
    return windows, voiced, np.array(states, np.int64), voices
