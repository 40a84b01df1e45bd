"""Speakers kept from training -> their sound and truth in files, made once; `voice/golden.py` reads them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from llia.config import Clock, State
from llia.data.recordings import load_sound, save_sound
from llia.head.measures import measure
from llia.head.shape import RestHead, load_head, rest_head
from llia.world.acting.emotion import Mood, strengths_of
from llia.world.acting.situation import Stretch
from llia.world.acting.timeline import Line, Script
from llia.world.acting.tracks import Tracks, play
from llia.world.people.casting import cast
from llia.world.people.person import Manner
from llia.world.voice.golden import GOLDEN_VOICES
from llia.world.voice.passage import merge, say_passage
from llia.world.voice.phones import PAUSE, Phone
from llia.world.voice.speech import RATE_HZ, Utterance, find_voice
from llia.world.voice.texts import sentences

SECONDS = 60
SEED = 7
MOST_SENTENCES = 4
# Full effort and nothing of one's own: no habit, no haste of the moment, no smile, both sides alike.
PLAIN = Manner(
    activity=1.0, rest_yaw=0.0, rest_pitch=0.0, rest_roll=0.0, breath_hz=0.25, blink_pace=1.0, effort=1.0,
    looseness=0.0, smile=0.0, eye_wide=0.2, asymmetry=0.0, press=0.0,
)  # fmt: skip


def keep_golden(folder: Path) -> None:
    """Writes NAME.flac and NAME.npz for each kept speaker; needs flite and festival with the voices."""
    for name, voice in GOLDEN_VOICES.items():
        spoken = record(voice)
        save_sound(folder / f"{name}.flac", spoken.sound)
        keep_truth(folder, name, spoken)


def keep_truth(folder: Path, name: str, spoken: Utterance) -> None:
    """Writes NAME.npz: what is said, and what a mouth does that says it, to the sound as NAME.flac holds it."""
    spoken = replace(spoken, sound=load_sound(folder / f"{name}.flac"))
    tracks, rest = act(spoken), mean_head()
    np.savez_compressed(
        folder / f"{name}.npz",
        voice=np.array(spoken.voice),
        text=np.array(spoken.text),
        start_s=np.array([phone.start_s for phone in spoken.phones]),
        end_s=np.array([phone.end_s for phone in spoken.phones]),
        ipa=np.array([phone.ipa for phone in spoken.phones]),
        stress=np.array([phone.stress for phone in spoken.phones], np.int8),
        motion=tracks.motion.astype(np.float16),
        lip_gap=measure(rest).lip_gap(tracks.motion).astype(np.float32),
        viseme=tracks.viseme,
        state=tracks.state,
        parted=tracks.parted,
    )


def act(spoken: Utterance) -> Tracks:
    """A recording of whole frames -> what the mean head does that says it plainly, speaking from first to last."""
    duration_s = len(spoken.sound) / RATE_HZ
    script = Script(
        stretches=(Stretch(0.0, duration_s, State.SPEAKING),),
        moods=(Mood(0.0, duration_s, strengths_of({})),),
        lines=(Line(0.0, spoken, gain=1.0, own=True),),
    )
    return play(script, replace(cast(SEED), manner=PLAIN), SEED, mean_head())


def mean_head() -> RestHead:
    """-> the head of nobody in particular."""
    return rest_head(np.zeros(len(load_head().identity)))


def record(voice_name: str) -> Utterance:
    """A voice -> at least a minute of held-out sentences in passages, ending with a whole frame."""
    voice, rng = find_voice(voice_name), np.random.default_rng(SEED)
    texts = sentences(voice.language, held_out=True)
    waiting: list[str] = []
    sounds: list[NDArray[np.float32]] = []
    phones: list[Phone] = []
    said: list[str] = []
    num_samples = 0
    while num_samples < SECONDS * RATE_HZ:
        passage: list[str] = []
        for _ in range(int(rng.integers(1, MOST_SENTENCES + 1))):
            waiting = waiting or [texts[place] for place in rng.permutation(len(texts))]
            passage.append(waiting.pop())
        spoken = say_passage(voice, passage, rng)
        at_s = num_samples / RATE_HZ
        phones += [Phone(at_s + p.start_s, at_s + p.end_s, p.ipa, p.stress) for p in spoken.phones]
        sounds.append(spoken.sound)
        said.append(spoken.text)
        num_samples += len(spoken.sound)
    missing = -num_samples % Clock().samples_per_frame
    sounds.append(np.zeros(missing, np.float32))
    phones.append(Phone(num_samples / RATE_HZ, (num_samples + missing) / RATE_HZ, PAUSE))
    return Utterance(np.concatenate(sounds), merge(phones), (), " ".join(said), voice_name)
