"""A person, a seed and a duration -> tracks: motion, states, moods, shapes of the mouth and both voices, with truth."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from llia.config import Clock, State
from llia.head.measures import measure
from llia.head.shape import RestHead
from llia.world.acting.behaviour import behave
from llia.world.acting.composing import compose
from llia.world.acting.curves import CURVE_HZ
from llia.world.acting.emotion import feel
from llia.world.acting.lips import lips_of
from llia.world.acting.mouth import measure_loudness, mouth_curves
from llia.world.acting.situation import Situation, states_of
from llia.world.acting.timeline import Cue, Script, draw_cues, lay_sound, write_script
from llia.world.chance import stream
from llia.world.face.features import shape_head
from llia.world.people.person import Person
from llia.world.voice.phones import Phone
from llia.world.voice.speech import RATE_HZ, Utterance, Voice, draw_voice, say
from llia.world.voice.texts import draw_sentence

CLOCK = Clock()
STEPS_PER_FRAME = CURVE_HZ // CLOCK.frames_per_second
MIDDLE_STEP = STEPS_PER_FRAME // 2  # a picture shows the middle of its 40 ms
TRIES = 8


@dataclass(frozen=True)
class Tracks:
    """What a person does, frame by frame, with the sound of both voices and the truth about it."""

    motion: NDArray[np.float32]  # F 66
    state: NDArray[np.int8]  # F, of State
    viseme: NDArray[np.int8]  # F, place in visemes.NAMES
    emotion: NDArray[np.float32]  # F 5, intensities in the order of Emotion, adding up to 1
    parted: NDArray[np.bool_]  # F, where the track itself opens the lips: breath, smile, surprise
    own: NDArray[np.float32]  # S at 16 kHz, exactly zero outside speaking
    other: NDArray[np.float32]  # S
    phones: tuple[Phone, ...]  # of the own voice
    text: str

    @property
    def num_frames(self) -> int:
        return len(self.motion)


def make_tracks(
    person: Person,
    seed: int,
    duration_s: float | None = None,
    *,
    held_out: bool = False,
    plan: Iterable[Cue] | None = None,
    voice: Voice | None = None,
    other_voice: Voice | None = None,
    language: str = "en",
    rest: RestHead | None = None,
) -> Tracks:
    """A person and a seed -> tracks; the same for the same arguments, in every process.

    Args:
        duration_s: how long; without it a plan lasts as long as it takes.
        held_out: sentences that no training may hear, said by speakers kept from it or by espeak-ng; or the others.
        plan: what to do, cue after cue; drawn without it.
        voice: the own one; drawn to fit the person without it. `other_voice` is who is listened to.
        language: of the texts in the plan, for voices that are drawn; what is drawn to be said is in any.
        rest: the person's head, where it is at hand already.
    """
    if duration_s is None and plan is None:
        raise ValueError("expected a duration or a plan, got neither; say how long the tracks shall be")
    if duration_s is not None and not duration_s > 0:
        raise ValueError(f"expected a duration above zero, got {duration_s} s; make it longer")
    casting = stream(seed, "voices")
    cues = None if plan is None else tuple(plan)
    spoken = language if cues and any(cue.text for cue in cues) else None
    own_voice = voice or draw_voice(casting, femininity=person.femininity, held_out=held_out, language=spoken)
    partner = other_voice or draw_voice_but(own_voice, casting, held_out=held_out, language=spoken)

    def speak(text: str | None, rng: np.random.Generator) -> Utterance:
        return say(own_voice, text or draw_sentence(own_voice.language, rng, held_out=held_out), rng)

    def reply(text: str | None, rng: np.random.Generator) -> Utterance:
        return say(partner, text or draw_sentence(partner.language, rng, held_out=held_out), rng)

    script = write_script(draw_cues(seed) if cues is None else cues, seed, duration_s, speak, reply)
    return play(script, person, seed, rest or shape_head(person))


def draw_voice_but(own: Voice, rng: np.random.Generator, *, held_out: bool, language: str | None) -> Voice:
    """-> the voice of somebody else, where there is somebody else."""
    voice = draw_voice(rng, held_out=held_out, language=language)
    for _ in range(TRIES):
        if voice.speaker != own.speaker:
            break
        voice = draw_voice(rng, held_out=held_out, language=language)
    return voice


def play(script: Script, person: Person, seed: int, rest: RestHead) -> Tracks:
    """A script -> tracks of a person who carries it out."""
    num_frames = math.ceil(round(script.duration_s * CLOCK.frames_per_second, 6))
    num_steps = num_frames * STEPS_PER_FRAME + 1
    own, other = lay_sound(script, num_frames * CLOCK.samples_per_frame)

    # Feelings first: they colour how the mouth and everything else moves.
    feelings = feel(script.moods, num_steps, stream(seed, "feelings"))
    state, share = states_of(script.stretches, num_steps)
    situation = Situation(
        num_steps, script.stretches, state, share, script.phones, script.words,
        own_loudness=fill(measure_loudness(own, RATE_HZ), num_steps),
        other_loudness=fill(measure_loudness(other, RATE_HZ), num_steps),
        feelings=feelings, manner=person.manner,
    )  # fmt: skip
    behaviour = behave(situation, seed)
    mouth = mouth_curves(
        script.phones, situation.duration_s, situation.own_loudness, person.manner, stream(seed, "mouth"),
        feelings.vigour,
    )  # fmt: skip
    motion, parted = compose(
        mouth, feelings, behaviour, person.manner, measure(rest), lips_of(rest), stream(person.seed, "uneven")
    )

    # Pictures show the middle of their time.
    shown = slice(MIDDLE_STEP, MIDDLE_STEP + num_frames * STEPS_PER_FRAME, STEPS_PER_FRAME)
    silent = state[shown] != State.SPEAKING
    assert not own.reshape(num_frames, -1)[silent].any(), "expected silence of the own voice outside speaking"
    return Tracks(
        motion=motion[shown].astype(np.float32),
        state=state[shown].astype(np.int8),
        viseme=mouth.viseme[shown].astype(np.int8),
        emotion=feelings.strengths[shown].astype(np.float32),
        parted=parted[shown],
        own=own,
        other=other,
        phones=tuple(phone for phone in script.phones if phone.start_s < situation.duration_s),
        text=script.text,
    )


def fill(curve: NDArray[np.float64], num_steps: int) -> NDArray[np.float64]:
    """A curve -> the same with its last value held to the number of steps."""
    return np.pad(curve, (0, num_steps - len(curve)), mode="edge") if len(curve) else np.zeros(num_steps)
