"""Sound: whole = pieces, nothing heard too early, every kind of file or a clear word about it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from llia.config import PRESETS
from llia.data.recordings import (
    Resampler,
    decode_flac,
    encode_flac,
    load_sound,
    resample,
    save_sound,
)
from llia.data.sound import (
    SILENCE,
    Floats,
    band_edges_hz,
    cut_windows,
    flush,
    listen,
    mel_steps,
    mel_windows,
    start_listening,
)

LIVE = PRESETS["live"]
RATE = LIVE.clock.sample_rate_hz
FRAME = LIVE.clock.samples_per_frame
CUTS = (1, 7, 640, 641, 5000)


def noise(num_samples: int, seed: int = 0, streams: int = 1) -> Floats:
    """-> quiet noise `B S`."""
    return (np.random.default_rng(seed).standard_normal((streams, num_samples)) * 0.1).astype(np.float32)


def tone(hz: float, num_samples: int) -> Floats:
    """-> a pure tone [S]."""
    return (0.3 * np.sin(2 * np.pi * hz * np.arange(num_samples) / RATE)).astype(np.float32)


@pytest.mark.parametrize("cut", CUTS)
def test_windows_of_pieces_are_those_of_the_whole(cut: int) -> None:
    sound = noise(8 * FRAME + 77, streams=2)
    state, pieces = start_listening(2, LIVE), []
    for first in range(0, sound.shape[1], cut):
        windows, state = listen(state, sound[:, first : first + cut], LIVE)
        pieces.append(windows)
    pieces.append(flush(state, LIVE))
    whole = mel_windows(sound, LIVE)
    assert whole.shape == (2, 9, 28, 32) and whole.dtype == np.float32
    assert np.array_equal(np.concatenate(pieces, 1), whole)


def test_a_stream_sounds_the_same_alone_and_beside_another() -> None:
    sound = noise(5 * FRAME, streams=3)
    assert np.array_equal(mel_windows(sound, LIVE)[1:2], mel_windows(sound[1:2], LIVE))


def test_a_state_can_be_used_twice() -> None:
    _, state = listen(start_listening(1, LIVE), noise(1000), LIVE)
    once, twice = (listen(state, noise(2000, seed=1), LIVE) for _ in range(2))
    assert np.array_equal(once[0], twice[0]) and np.array_equal(once[1].samples, twice[1].samples)


def test_a_frame_comes_with_the_last_sample_of_its_look_ahead() -> None:
    sound = noise(4 * FRAME)
    windows, state = listen(start_listening(1, LIVE), sound[:, : 3 * FRAME - 1], LIVE)
    assert windows.shape[1] == 0
    windows, state = listen(state, sound[:, 3 * FRAME - 1 : 3 * FRAME], LIVE)
    assert windows.shape[1] == 1 and state.num_frames == 1 and state.num_samples == 3 * FRAME


def test_no_frame_hears_beyond_its_look_ahead() -> None:
    sound, frame = noise(12 * FRAME), 4
    end = (frame + LIVE.sound.frames_ahead + 1) * FRAME
    later = sound.copy()
    later[:, end:] = noise(12 * FRAME, seed=1)[:, end:]
    assert np.array_equal(mel_windows(sound, LIVE)[:, : frame + 1], mel_windows(later, LIVE)[:, : frame + 1])
    at_end = sound.copy()
    at_end[:, end - 60 : end] = 0  # and it does hear up to there
    assert not np.array_equal(mel_windows(sound, LIVE)[:, frame], mel_windows(at_end, LIVE)[:, frame])


def test_a_frames_own_steps_hear_its_own_samples() -> None:
    """A burst that fills frame 5 is heard in its own four steps, and fades in the two whose 25 ms still reach back."""
    sound = np.zeros((1, 12 * FRAME), np.float32)
    sound[:, 5 * FRAME : 6 * FRAME] = noise(FRAME)
    loudness = mel_windows(sound, LIVE)[0, 5].mean(1)
    own = 4 * LIVE.sound.frames_back
    assert np.flatnonzero(loudness > SILENCE + 1e-3).tolist() == list(range(own, own + 6))
    assert loudness[own + 1 : own + 4].min() > loudness[own + 4] > loudness[own + 5]


@pytest.mark.parametrize("band", [0, 3, 10, 20, 31])
def test_a_tone_is_loudest_in_its_band(band: int) -> None:
    edges = band_edges_hz(LIVE.clock, LIVE.sound)
    steps = mel_steps(tone(float(edges[band + 1]), RATE)[None], LIVE)[0]
    middle = steps[30:80]
    assert (middle.argmax(1) == band).all()


def test_silence_is_its_own_number_and_lies_around_the_sound() -> None:
    assert np.allclose(mel_windows(np.zeros((1, 3 * FRAME), np.float32), LIVE), SILENCE)
    assert np.allclose(mel_windows(noise(3 * FRAME), LIVE)[0, 0, :16], SILENCE)
    assert mel_windows(np.zeros((1, 0), np.float32), LIVE).shape == (1, 0, 28, 32)
    assert flush(start_listening(1, LIVE), LIVE).shape == (1, 0, 28, 32)


def test_neighbouring_windows_share_their_steps() -> None:
    windows = cut_windows(mel_steps(noise(6 * FRAME), LIVE), LIVE)
    assert np.array_equal(windows[:, 1:, :-4], windows[:, :-1, 4:])


@pytest.mark.parametrize("rate_hz", [8000, 16000, 22050, 44100, 48000])
@pytest.mark.parametrize("cut", CUTS)
def test_resampled_pieces_are_the_resampled_whole(rate_hz: int, cut: int) -> None:
    sound = noise(6000)[0]
    stream = Resampler(rate_hz, RATE)
    pieces = [stream.push(sound[first : first + cut]) for first in range(0, len(sound), cut)]
    pieces.append(stream.push(sound[:0], last=True))
    whole = resample(sound, rate_hz, RATE)
    assert abs(len(whole) - len(sound) * RATE / rate_hz) <= 1
    assert np.array_equal(np.concatenate(pieces), whole)


def test_resampling_keeps_a_tone() -> None:
    at_48k = (0.3 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)).astype(np.float32)
    assert np.abs(resample(at_48k, 48_000, RATE) - tone(440, RATE))[500:-500].max() < 1e-4


def test_flac_keeps_sixteen_bits_and_a_second_saving_changes_nothing(tmp_path: Path) -> None:
    sound = np.concatenate([noise(5000)[0], np.array([-1.0, 1.0], np.float32)])
    save_sound(tmp_path / "a.flac", sound)
    once = load_sound(tmp_path / "a.flac")
    assert np.abs(once - sound).max() <= 1 / 32_768
    save_sound(tmp_path / "b.flac", once)
    assert (tmp_path / "a.flac").read_bytes() == (tmp_path / "b.flac").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.flac", "b.flac"]


@pytest.mark.parametrize(
    ("sound", "what"),
    [
        (np.array([1.5], np.float32), "within"),
        (np.array([np.nan], np.float32), "finite"),
        (np.zeros((2, 5), np.float32), "mono"),
        (np.zeros(0, np.float32), "mono"),
    ],
)
def test_flac_refuses_what_it_cannot_keep(sound: Floats, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        encode_flac(sound, RATE)
    with pytest.raises(ValueError, match="44100 Hz"):
        decode_flac(encode_flac(noise(100)[0], 44_100), RATE)


def write_video(path: Path, sound: Floats | None) -> None:
    """A black film, perhaps with stereo sound of 44.1 kHz, `2 S`."""
    with av.open(path, "w") as container:
        pictures = container.add_stream("libx264", rate=25)
        pictures.width = pictures.height = 64
        voices = None if sound is None else container.add_stream("aac", rate=44_100)
        for _ in range(10):
            container.mux(pictures.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")))
        container.mux(pictures.encode())
        if voices is not None and sound is not None:
            frame = av.AudioFrame.from_ndarray(sound, format="fltp", layout="stereo")
            frame.rate, frame.pts, frame.time_base = 44_100, 0, Fraction(1, 44_100)
            container.mux(voices.encode(frame))
            container.mux(voices.encode())


def test_stereo_is_averaged_and_rates_are_brought_to_ours(tmp_path: Path) -> None:
    left, right = noise(24_000)[0], noise(24_000, seed=1)[0]
    soundfile.write(tmp_path / "a.wav", np.stack([left, right], 1), 48_000, subtype="FLOAT")
    loaded = load_sound(tmp_path / "a.wav")
    assert loaded.dtype == np.float32 and len(loaded) == 8000
    assert np.allclose(loaded, resample((left + right) / 2, 48_000, RATE), atol=1e-6)


def test_the_sound_of_a_video_is_found_and_stands_at_its_time(tmp_path: Path) -> None:
    sound = np.stack([tone(300, 44_100)] * 2)
    sound[:, :22_050] = 0
    write_video(tmp_path / "a.mp4", sound)
    loaded = load_sound(tmp_path / "a.mp4")
    start = np.flatnonzero(np.abs(loaded) > 0.1)[0] / RATE
    assert abs(start - 0.5) < 0.005


def write_bad(kind: str, folder: Path) -> Path:
    """Kind of bad file -> where it was written."""
    samples = noise(4800)[0]

    def wav(path: Path, sound: Floats, rate_hz: int) -> None:
        soundfile.write(path, sound, rate_hz, subtype="FLOAT")

    makers: dict[str, tuple[str, Callable[[Path], object]]] = {
        "missing": ("a.wav", lambda path: None),
        "empty": ("a.wav", lambda path: path.write_bytes(b"")),
        "without samples": ("a.wav", lambda path: wav(path, samples[:0], RATE)),
        "text": ("a.wav", lambda path: path.write_text("some words, but no sound\n" * 40)),
        "text named so": ("a.txt", lambda path: path.write_text("some words, but no sound\n" * 40)),
        "random": ("a.mp4", lambda path: path.write_bytes(np.random.default_rng(0).bytes(4000))),
        "wrong rate": ("a.wav", lambda path: wav(path, samples, 100)),
        "nan": ("a.wav", lambda path: wav(path, np.where(np.arange(4800) == 9, np.nan, samples), RATE)),
        "silent film": ("a.mp4", lambda path: write_video(path, None)),
        "playlist": ("a.m3u8", lambda path: path.write_text(PLAYLIST.format(write_whole(path.parent)))),
    }
    name, make = makers[kind]
    make(folder / name)
    return folder / name


PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{}\n#EXT-X-ENDLIST\n"


def write_whole(folder: Path) -> Path:
    """-> a good video, which a playlist names."""
    write_video(folder / "secret.mp4", np.stack([tone(300, 4410)] * 2))
    return folder / "secret.mp4"


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("missing", "got nothing at"),
        ("empty", "empty file"),
        ("without samples", "no samples"),
        ("text", "can be decoded"),
        ("text named so", "can be decoded|sound track"),
        ("random", "can be decoded"),
        ("wrong rate", "got 100 Hz"),
        ("nan", "NaN"),
        ("silent film", "sound track"),
        ("playlist", "can be decoded"),
    ],
)
def test_bad_files_are_named_in_one_line(kind: str, what: str, tmp_path: Path) -> None:
    path = write_bad(kind, tmp_path)
    with pytest.raises((ValueError, FileNotFoundError), match=what) as caught:
        load_sound(path)
    message = str(caught.value)
    assert "\n" not in message and message.startswith("expected ") and "; " in message and str(path) in message
