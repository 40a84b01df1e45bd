"""16 kHz samples -> the log-mel windows that each 40 ms frame hears, whole or in pieces of any size.

Where a mel step stands: step k is the 10 ms hop of samples 160 k to 160 (k + 1), and its 25 ms analysis window is the
400 samples that END with that hop. So the four steps of frame t look at samples 640 t - 240 to 640 (t + 1): as far into
the frame's own 640 samples as they can be without hearing one sample beyond it. The window of frame t holds the steps
of frames t - 4 to t + 2; it comes as soon as the last sample of frame t + 2 has come, and no later sample can change
it. Before the first sample, and after the last one, there is silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from llia.config import Clock, Config, Sound

Floats = NDArray[np.float32]

# log(power + FLOOR), then (value + SHIFT) / SCALE: about zero mean and unit spread over speech.
POWER_FLOOR = 1e-3
LOG_SHIFT = 3.0
LOG_SCALE = 3.0
SILENCE = np.float32((np.log(POWER_FLOOR) + LOG_SHIFT) / LOG_SCALE)

MEL_HZ = 700.0  # HTK's mel scale: mel = MEL_FACTOR * log10(1 + hz / MEL_HZ)
MEL_FACTOR = 2595.0
STEPS_AT_ONCE = 4096  # bounds the memory of a long push; has no influence on the result


@dataclass(frozen=True)
class SoundState:
    """What must be kept of the sound so far: unfinished samples, mel steps that later windows need, and counts."""

    samples: Floats  # B n: the part of the next analysis window that has come
    steps: Floats  # B k M: mel steps that the next windows begin with
    num_samples: int  # heard so far
    num_frames: int  # windows given so far


def start_listening(num_streams: int, config: Config) -> SoundState:
    """Number of streams B -> the state before their first sample: silence."""
    back = config.samples_per_window - config.clock.samples_per_mel_step
    steps = config.sound.frames_back * config.clock.mel_steps_per_frame
    return SoundState(
        samples=np.zeros((num_streams, back), np.float32),
        steps=np.full((num_streams, steps, config.sound.mel_bins), SILENCE, np.float32),
        num_samples=0,
        num_frames=0,
    )


def listen(state: SoundState, samples: Floats, config: Config) -> tuple[Floats, SoundState]:
    """State and new samples `B S` -> the windows that became complete, `B T A M`, and the next state."""
    steps, unfinished = _hear(state, samples, config)
    windows = cut_windows(steps, config)
    num_new = windows.shape[1]
    needed = steps[:, num_new * config.clock.mel_steps_per_frame :].copy()
    num_samples = state.num_samples + samples.shape[1]
    return windows, SoundState(unfinished, needed, num_samples, state.num_frames + num_new)


def flush(state: SoundState, config: Config) -> Floats:
    """State -> the windows still owed, `B T A M`: silence follows, the last frame is filled up to its whole length."""
    num_frames = -(-state.num_samples // config.clock.samples_per_frame)
    num_samples = (num_frames + config.sound.frames_ahead) * config.clock.samples_per_frame
    silence = np.zeros((len(state.samples), num_samples - state.num_samples), np.float32)
    return listen(state, silence, config)[0]


def mel_windows(samples: Floats, config: Config) -> Floats:
    """Whole sounds `B S` -> the windows of all their frames, `B T A M`: one big push and the end."""
    return cut_windows(mel_steps(samples, config), config)


def mel_steps(samples: Floats, config: Config) -> Floats:
    """Whole sounds `B S` -> the mel steps `B K M` that `cut_windows` cuts their windows from, silence around them."""
    num_frames = -(-samples.shape[1] // config.clock.samples_per_frame)
    num_samples = (num_frames + config.sound.frames_ahead) * config.clock.samples_per_frame
    padded = np.pad(samples, ((0, 0), (0, num_samples - samples.shape[1])))
    return _hear(start_listening(len(samples), config), padded, config)[0]


def cut_windows(steps: Floats, config: Config) -> Floats:
    """Mel steps `B K M`, the first those `frames_back` before the first frame -> windows `B T A M` (a view)."""
    per_frame, heard = config.clock.mel_steps_per_frame, config.mel_steps_heard
    if steps.shape[1] < heard:
        return np.empty((len(steps), 0, heard, config.sound.mel_bins), np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(steps, heard, axis=1)[:, ::per_frame]  # B T M A
    return windows.swapaxes(2, 3)


def band_edges_hz(clock: Clock, sound: Sound) -> NDArray[np.float64]:
    """-> the M + 2 corners of the mel bands in Hz: band m rises from corner m to m + 1 and falls to m + 2."""
    top_mel = MEL_FACTOR * np.log10(1 + clock.sample_rate_hz / 2 / MEL_HZ)
    corners_mel = np.linspace(0, top_mel, sound.mel_bins + 2)
    return np.asarray(MEL_HZ * (10 ** (corners_mel / MEL_FACTOR) - 1))


def power_of(steps: Floats) -> Floats:
    """Scaled mel steps -> power in each band."""
    power = np.exp(steps * np.float32(LOG_SCALE) - np.float32(LOG_SHIFT)) - np.float32(POWER_FLOOR)
    return np.asarray(np.maximum(power, np.float32(0)))


def scaled_of(power: Floats) -> Floats:
    """Power in each band -> scaled mel steps."""
    steps: Floats = (np.log(power + np.float32(POWER_FLOOR)) + np.float32(LOG_SHIFT)) / np.float32(LOG_SCALE)
    return steps


def _hear(state: SoundState, samples: Floats, config: Config) -> tuple[Floats, Floats]:
    """State and samples `B S` -> kept and new mel steps together, `B K M`, and the samples left over, `B n`."""
    assert samples.ndim == 2 and len(samples) == len(state.samples), f"sound must be B S, got {samples.shape}"
    hop = config.clock.samples_per_mel_step
    window = config.samples_per_window
    heard = np.concatenate([state.samples, samples.astype(np.float32, copy=False)], 1)
    num_steps = max(0, (heard.shape[1] - (window - hop)) // hop)
    pieces = [state.steps]
    for first in range(0, num_steps, STEPS_AT_ONCE):
        last = min(first + STEPS_AT_ONCE, num_steps)
        part = heard[:, first * hop : (last - 1) * hop + window]
        pieces.append(_log_mel(part, config))
    return np.concatenate(pieces, 1), heard[:, num_steps * hop :].copy()


def _log_mel(samples: Floats, config: Config) -> Floats:
    """Samples `B S` of whole analysis windows, a hop apart -> scaled log-mel steps `B K M`."""
    hop, (taper, bank) = config.clock.samples_per_mel_step, _taper_and_bank(config)
    pieces = np.lib.stride_tricks.sliding_window_view(samples, len(taper), axis=1)[:, ::hop]
    spectrum = np.fft.rfft(pieces * taper, n=2 * (len(bank) - 1))  # B K F, float32 in and complex64 out
    power = spectrum.real**2 + spectrum.imag**2
    # One small product per step, not one for all: a large matrix product adds in an order that depends on its size,
    # and then pieces would differ from the whole in the last bit.
    mel = np.asarray((power[:, :, None, :] @ bank)[:, :, 0, :], np.float32)  # B K M
    return scaled_of(mel)


@lru_cache(maxsize=4)
def _taper_and_bank(config: Config) -> tuple[Floats, Floats]:
    """-> the Hann taper [window] and the bank of triangles `F M`, each 1 at its peak, corners even on the mel scale."""
    window, clock = config.samples_per_window, config.clock
    num_points = 1 << (window - 1).bit_length()
    taper = np.hanning(window + 1)[:-1]
    bins_hz = np.linspace(0, clock.sample_rate_hz / 2, num_points // 2 + 1)[:, None]
    edges = band_edges_hz(clock, config.sound)
    rise = (bins_hz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    fall = (edges[2:] - bins_hz) / (edges[2:] - edges[1:-1])
    bank = np.clip(np.minimum(rise, fall), 0, None)
    return taper.astype(np.float32), np.ascontiguousarray(bank, np.float32)
