"""Sound in, motion out, clip after clip: all that a stream remembers is one plain record, passed in and returned.

Each clip is the last one edited: noised, and cleaned in one step under what is heard now. Nothing depends on how the
sound was cut into pieces, for a clip always takes just the samples that it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from llia.conditions import NUM_STATISTICS, Conditions, Given
from llia.config import Config, Emotion, State
from llia.data.sound import SoundState, listen, start_listening
from llia.data.usual import Usual, start_usual, tell_usual
from llia.diffusion import EDITING_SIGMA, KEPT_NOISE, NoisePlan, frame_noise, sample_consistency
from llia.engine.players import NUM_VOICES, Players
from llia.head.likeness import Likeness
from llia.head.measures import SHAPE_NAMES, measure
from llia.head.motion import MOTION_SIZE, Motion
from llia.head.scale import MOUTH_NOISE, STILL, TORSO, frame_of, noise_size, to_latent, to_motion
from llia.portrait.edit import express
from llia.stream.enliven import Moves, Told, follow, lay_over, loudness
from llia.stream.lips import meet
from llia.stream.reflexes import SHARES, Reflexes, ReflexState
from llia.stream.steady import UNHELD, Steadiness, corrupt, hold
from llia.stream.voices import Voice, Voices, follow_voices

Floats = NDArray[np.float32]

SHAPE_STEPS_PER_CM = 20  # so coarse that a face is told by them, wherever its picture was fitted


@dataclass(frozen=True)
class Role:
    """The portrait as the denoiser is told of it."""

    reference: Floats  # 1 66
    portrait: Floats  # 1 N D, tokens
    shape: Floats  # 4, what the face measures at rest: SHAPE_NAMES, cm


@dataclass(frozen=True)
class Direction:
    """What somebody wants of the face."""

    state: State | None = None  # none: whoever speaks decides
    emotion: Mapping[Emotion, float] = field(default_factory=dict)
    liveliness: float | None = None  # times the usual speed and spread of the head
    num_steps: int = 1
    kept_noise: float = KEPT_NOISE
    mouth_noise: float = MOUTH_NOISE
    levelled: bool = True  # voices are brought to the loudness that the networks know
    meeting: float = 1.0  # how far lips that nearly meet in speech are drawn together
    reflexes: Reflexes = SHARES  # laid over what the networks make
    steadiness: Steadiness = UNHELD


@dataclass(frozen=True)
class StreamState:
    """All that a stream remembers."""

    seed: int
    num_frames: int  # made so far
    sound: SoundState  # of both voices, as far as clips have heard them
    waiting: Floats  # 2 S, samples that no clip has heard yet
    voices: Voices
    usual: Usual  # of both voices
    history: Floats  # 1 H 66, the last frames as the networks made them; before the first of them, the portrait's
    reflexes: ReflexState


@dataclass(frozen=True)
class Heard:
    """What one clip hears, and what the stream remembers of the sound afterwards."""

    windows: Floats  # 2 T 1+A M
    states: NDArray[np.int64]  # T, of State, as the voices tell
    sound: SoundState
    waiting: Floats
    voices: Voices
    usual: Usual


def cast_role(players: Players, likeness: Likeness, emotion: Mapping[Emotion, float] | None = None) -> Role:
    """A portrait's likeness, re-expressed where a feeling is wanted -> its role."""
    reference = express(likeness.motion, emotion or {})
    reference[TORSO] = 0  # no portrait shows it: what it does is told from there
    spans = measure(likeness.rest())
    shape = np.array([getattr(spans, name).at_rest for name in SHAPE_NAMES], np.float32)
    return role_of(players, reference, shape)


def role_of(players: Players, reference: Motion, shape: Floats) -> Role:
    """A portrait's motion, [66], and what its face measures at rest, SHAPE_NAMES, [4] -> its role."""
    return Role(reference[None], players.refer(reference[None], shape[None]), shape)


def start_stream(role: Role, config: Config, seed: int = 0) -> StreamState:
    """A role -> the state before its first frame. Each face has chance of its own, so that no two blink together."""
    kept = max(config.clips.lengths) + config.clips.past_frames
    return StreamState(
        seed=seed + crc32(np.rint(role.shape * SHAPE_STEPS_PER_CM).astype(np.int64).tobytes()),
        num_frames=0,
        sound=start_listening(NUM_VOICES, config),
        waiting=np.zeros((NUM_VOICES, 0), np.float32),
        voices=(Voice(), Voice()),
        usual=start_usual(NUM_VOICES, config),
        history=np.repeat(role.reference[:, None], kept, 1),
        reflexes=ReflexState(),
    )


def push(state: StreamState, own: Floats, other: Floats | None = None) -> StreamState:
    """New samples of the own voice, [S], and of the other one, silent where it is not given -> the next state."""
    samples = np.stack([own, np.zeros_like(own) if other is None else other])
    return replace(state, waiting=np.concatenate([state.waiting, samples], 1))


def frames_ready(state: StreamState, config: Config) -> int:
    """-> how many frames could be made of the sound that is there."""
    num_samples: int = state.sound.num_samples + state.waiting.shape[1]
    return num_samples // config.clock.samples_per_frame - config.sound.frames_ahead - state.num_frames


def step(
    players: Players, role: Role, direction: Direction, state: StreamState, length: int
) -> tuple[Floats, StreamState]:
    """Who plays, and a state with sound for so many frames -> their motion, [T 66], and the next state."""
    heard = hear(state, length, players.config, levelled=direction.levelled)
    past = state.history[:, -players.config.clips.past_frames :]
    told = corrupt(past, players.scale, state.seed, state.num_frames, direction.steadiness.corruption)
    conditions = tell(players, role, direction, heard, past, told, has_past=state.num_frames > 0)
    frame = frame_of(players.scale, past, role.reference, conditions.given[:, Given.PAST], length)
    before = clip_before(players, role, state, length)
    plan = NoisePlan(state.seed, (MOTION_SIZE, 1, 1), kept=direction.kept_noise)
    size, looks = noise_size(direction.mouth_noise), range(direction.num_steps)
    noises = [(size * frame_noise(plan, state.num_frames, length, look))[None] for look in looks]
    latents = sample_consistency(players.denoise, noises, conditions, before, EDITING_SIGMA)
    latents[:, :, STILL] = 0
    made = to_motion(latents, frame)[0]
    made = hold(made, past[0, -1], role.reference[0], conditions.state[0], state.num_frames, direction.steadiness)
    moves, after = go_on(state, direction, heard, made, players.config)
    met = meet(made, conditions.state[0], role.shape, direction.meeting)
    return lay_over(met, moves, role.shape), after


def made_last(state: StreamState, num_frames: int) -> Floats:
    """-> the last frames as the networks made them, without reflexes, [T 66]."""
    return state.history[0, state.history.shape[1] - num_frames :]


def cut(state: StreamState, direction: Direction, shown: Floats, config: Config) -> StreamState:
    """The state before a clip, how it was directed, and those of its frames that are shown, [k 66], as `made_last`
    tells them -> the state after them: what else was made of the clip is forgotten, its sound waits to be heard again.
    """
    return go_on(state, direction, hear(state, len(shown), config, levelled=direction.levelled), shown, config)[1]


def forget_ahead(state: StreamState, config: Config) -> StreamState:
    """-> the state as if nothing had been heard beyond its last frame: what is pushed now begins with the next one. How
    loud and what usual the voices are stays as it was with what is forgotten, two frames."""
    kept = config.sound.frames_back * config.clock.mel_steps_per_frame
    sound = SoundState(
        samples=np.zeros_like(start_listening(NUM_VOICES, config).samples),
        steps=state.sound.steps[:, :kept],
        num_samples=state.num_frames * config.clock.samples_per_frame,
        num_frames=state.num_frames,
    )
    return replace(state, sound=sound, waiting=state.waiting[:, :0])


def hear(state: StreamState, num_frames: int, config: Config, *, levelled: bool = True) -> Heard:
    """A state with enough sound -> what the next frames hear."""
    assert num_frames <= frames_ready(state, config), f"expected sound for {num_frames} frames"
    if num_frames == 0:
        empty = np.zeros((NUM_VOICES, 0, config.rows_heard, config.sound.mel_bins), np.float32)
        return Heard(empty, np.zeros(0, np.int64), state.sound, state.waiting, state.voices, state.usual)
    last = (state.num_frames + num_frames + config.sound.frames_ahead) * config.clock.samples_per_frame
    count = last - state.sound.num_samples
    windows, sound = listen(state.sound, state.waiting[:, :count], config)
    windows, voiced, states, voices = follow_voices(windows, state.voices, config, levelled=levelled)
    windows, usual = tell_usual(windows, state.usual, config, voiced)
    return Heard(windows, states, sound, state.waiting[:, count:], voices, usual)


def tell(
    players: Players, role: Role, direction: Direction, heard: Heard, past: Floats, seen: Floats, *, has_past: bool
) -> Conditions:
    """-> all that a clip is made from."""
    tokens, num_frames = players.hear(heard.windows), len(heard.states)
    given = np.ones((1, len(Given)), np.float32)
    given[:, Given.PAST], given[:, Given.STATISTICS] = has_past, direction.liveliness is not None
    return Conditions(
        past=past,
        seen=seen,
        reference=role.reference,
        portrait=role.portrait,
        own=tokens[:1],
        other=tokens[1:],
        state=states_of(direction, heard)[None],
        emotion=np.tile(intensities(direction.emotion), (1, num_frames, 1)),
        statistics=np.full((1, NUM_STATISTICS), np.log(direction.liveliness or 1.0), np.float32),
        given=given,
    )


def states_of(direction: Direction, heard: Heard) -> NDArray[np.int64]:
    """-> the state of each frame, [T]."""
    return heard.states if direction.state is None else np.full(len(heard.states), int(direction.state))


def intensities(emotion: Mapping[Emotion, float]) -> Floats:
    """Feelings -> the intensity of each, [5]; neutral is what is left of one."""
    strengths = np.array([emotion.get(one, 0.0) for one in Emotion], np.float32)
    strengths[Emotion.NEUTRAL] = 1 - strengths[Emotion.NEUTRAL + 1 :].sum()
    return strengths


def clip_before(players: Players, role: Role, state: StreamState, length: int) -> Floats:
    """-> the last frames made as if they had been one clip of this length, as latents, 1 T c 1 1."""
    clip, earlier = state.history[:, -length:], state.history[:, :-length]
    has_past = np.array([state.num_frames > length], np.float32)
    latents: Floats = to_latent(clip, frame_of(players.scale, earlier, role.reference, has_past, length))
    return latents


def go_on(
    state: StreamState, direction: Direction, heard: Heard, made: Floats, config: Config
) -> tuple[Moves, StreamState]:
    """A state and the frames that follow, [T 66], with what they heard -> what reflexes do in these frames, and the
    state after them."""
    told = Told(
        seed=state.seed,
        first=state.num_frames,
        state=states_of(direction, heard),
        emotion=np.tile(intensities(direction.emotion), (len(made), 1)),
        loudness=loudness(heard.windows, config.clock.mel_steps_per_frame),
        liveliness=direction.liveliness or 1.0,
    )
    moves, reflexes = follow(made, told, direction.reflexes, state.reflexes)
    history = np.concatenate([state.history, made[None]], 1)[:, -state.history.shape[1] :]
    return moves, replace(
        state, num_frames=state.num_frames + len(made), sound=heard.sound, waiting=heard.waiting,
        voices=heard.voices, usual=heard.usual, history=history, reflexes=reflexes,
    )  # fmt: skip
