"""What both voices sound like, frame by frame -> who speaks: the state that a face is in when nobody says which."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from llia.config import Config, State
from llia.data.sound import Floats, power_of

# Of a mel step, summed over its bands: a tone of -46 dB below full scale. Speech lies above, a quiet room below.
VOICE_POWER = 1.0
HANG_OVER_MS = 300  # so long does a voice go on in the pauses between its words
LONG_SILENT = 10**6  # frames: nobody has spoken yet

Silent = tuple[int, int]  # for how many frames the own and the other voice have been silent


def follow_turns(windows: Floats, silent: Silent, config: Config) -> tuple[NDArray[np.int64], Silent]:
    """Windows of both voices, 2 T A M, and how long each had been silent -> states, T, and how long each is now."""
    loud = is_loud(windows, config)
    hang_over = HANG_OVER_MS // config.clock.frame_ms
    own, other = silent
    states = []
    for own_loud, other_loud in loud.T:
        own, other = 0 if own_loud else own + 1, 0 if other_loud else other + 1
        speaking, listening = own <= hang_over, other <= hang_over
        states.append(State.SPEAKING if speaking else State.LISTENING if listening else State.IDLE)
    return np.array(states, np.int64), (own, other)


def is_loud(windows: Floats, config: Config) -> NDArray[np.bool_]:
    """Windows, 2 T A M -> whether each voice sounds in each frame or in those that it hears ahead, 2 T."""
    now = config.sound.frames_back * config.clock.mel_steps_per_frame
    power = power_of(windows[:, :, now:]).sum(-1)  # 2 T A
    loud: NDArray[np.bool_] = (power > VOICE_POWER).any(-1)
    return loud
