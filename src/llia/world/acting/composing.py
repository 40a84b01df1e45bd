"""Mouth, feelings and behaviour -> the 54 face weights and the whole motion of one person, at 100 Hz."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from llia.config import Emotion
from llia.head.expressions import face_row
from llia.head.lids import close_lids, follow_gaze
from llia.head.measures import Spans
from llia.head.motion import FACE, GAZE, HEAD_SHIFT, HEAD_TURN, LIDS, MOTION_INDEX, MOTION_SIZE, TORSO_HEIGHT
from llia.head.shape import ease
from llia.world.acting.behaviour import Behaviour
from llia.world.acting.curves import Doubles
from llia.world.acting.emotion import Feelings
from llia.world.acting.lips import Lips, meet_lips
from llia.world.acting.mouth import Mouth
from llia.world.acting.visemes import CHANNEL, CHANNELS
from llia.world.people.person import Manner

SMILE = {"mouthSmile": 1.0, "mouthDimple": 0.15, "cheekSquint": 0.55, "eyeSquint": 0.35}
BROW = {"browInnerUp": 0.7, "browOuterUp": 0.6, "eyeWide": 0.25}
SMILE_LOST, CORNERS_LOST = 0.7, 0.8  # of the corners' pull, where lips are rounded
CORNERS = [MOTION_INDEX[name + side] for name in ("mouthSmile", "mouthDimple", "mouthFrown", "mouthStretch")
           for side in ("Left", "Right")]  # fmt: skip
OPENERS = [MOTION_INDEX[name] for name in ("jawOpen", "mouthFunnel", "mouthUpperUpLeft", "mouthUpperUpRight",
                                           "mouthLowerDownLeft", "mouthLowerDownRight")]  # fmt: skip
LIP_MUSCLES = [MOTION_INDEX[name] for name in ("mouthPressLeft", "mouthPressRight", "mouthRollLower",
                                               "mouthRollUpper", "mouthShrugLower", "noseSneerLeft",
                                               "noseSneerRight")]  # fmt: skip
SMILELESS = [Emotion.SAD, Emotion.ANGRY]
PARTING_IN_SPEECH = 0.45
FEELING_IN_SPEECH = 0.45  # of the muscles that speech needs itself
OPEN_AT = 0.25  # a jaw or lips this far open speak
LIDS_AT_REST = 0.02
UNEVEN = ("browInnerUp", "browOuterUp", "browDown", "mouthSmile", "mouthFrown", "mouthDimple", "mouthStretch",
          "mouthUpperUp", "mouthLowerDown", "cheekSquint", "noseSneer")  # fmt: skip
UNEVEN_LEAST, UNEVEN_MOST = 0.5, 1.5
PARTED_FROM, PARTED_FULLY = 0.01, 0.4  # of a feeling that opens the lips
MOST_WEIGHT = 1.25
JAW = MOTION_INDEX["jawOpen"]
JAW_KNEE, JAW_BEYOND = 0.38, 0.16  # nobody who speaks drops the jaw much further


def compose(
    mouth: Mouth,
    feelings: Feelings,
    behaviour: Behaviour,
    manner: Manner,
    spans: Spans,
    lips: Lips,
    rng: np.random.Generator,
) -> tuple[Doubles, NDArray[np.bool_]]:
    """All that moves -> the motion, [n 66], and where the track itself parts the lips, [n]."""
    num_steps = len(mouth.weights)
    spoken = np.zeros((num_steps, FACE.stop))
    for name in CHANNELS:
        spoken += mouth.weights[:, CHANNEL[name], None] * face_row({name: 1.0})
    rounded = np.clip(mouth.weights[:, CHANNEL["mouthPucker"]] + mouth.weights[:, CHANNEL["mouthFunnel"]], 0, 1)
    felt, parted = show_feelings(mouth, feelings, spoken, rounded)

    face = spoken + felt
    face += behaviour.brow[:, None] * face_row(BROW) + behaviour.frown[:, None] * face_row({"browDown": 1.0})
    glad = 1 - feelings.strengths[:, SMILELESS].sum(1)
    smile = np.repeat((behaviour.smile * glad)[:, None], len(face[0]), axis=1)
    smile[:, CORNERS] *= (1 - SMILE_LOST * rounded)[:, None]
    face += smile * face_row(SMILE)
    quiet = 1 - np.maximum(mouth.closed, mouth.touching)
    face += (behaviour.press * quiet)[:, None] * face_row({"mouthPress": 1.0, "mouthRollLower": 0.3})
    face += (manner.eye_wide + behaviour.lids)[:, None] * face_row({"eyeWide": 1.0})
    make_uneven(face, manner, rng)
    gaze = np.radians(np.stack([behaviour.gaze_yaw, behaviour.gaze_pitch], axis=1))
    follow_gaze(face, gaze)
    face[:, LIDS] += LIDS_AT_REST
    close_lids(face, behaviour.blink, spans.eye_left, spans.eye_right)
    jaw = face[:, JAW]
    face[:, JAW] = np.minimum(jaw, JAW_KNEE) + JAW_BEYOND * np.tanh(np.maximum(jaw - JAW_KNEE, 0) / JAW_BEYOND)
    face = np.clip(face, 0, MOST_WEIGHT)
    resting = mouth.resting * (1 - ease(0, PARTED_FULLY, parted))
    face = meet_lips(face, lips, mouth.closed, mouth.touching, resting)

    motion = np.zeros((num_steps, MOTION_SIZE))
    motion[:, FACE] = np.maximum(face, 0)
    motion[:, HEAD_TURN] = np.radians(np.stack([behaviour.yaw, behaviour.pitch, behaviour.roll], axis=1))
    motion[:, HEAD_SHIFT] = behaviour.shift
    motion[:, GAZE] = gaze
    motion[:, MOTION_INDEX["torso.yaw"]] = np.radians(behaviour.torso_yaw)
    motion[:, MOTION_INDEX["torso.roll"]] = np.radians(behaviour.torso_roll)
    motion[:, TORSO_HEIGHT] = behaviour.torso_height
    return motion, np.maximum(parted, mouth.breath) > PARTED_FROM


def show_feelings(mouth: Mouth, feelings: Feelings, spoken: Doubles, rounded: Doubles) -> tuple[Doubles, Doubles]:
    """Feelings -> their face weights, with lips left to speech where speech needs them; how far they part the lips."""
    speaking = 1 - np.maximum(mouth.resting, 1 - ease(0, OPEN_AT, spoken[:, JAW]))
    busy = np.maximum.reduce([speaking, mouth.closed, mouth.touching])
    face = feelings.face.copy()
    face[:, CORNERS] *= (1 - CORNERS_LOST * rounded)[:, None]
    face[:, LIP_MUSCLES] *= (1 - (1 - FEELING_IN_SPEECH) * busy)[:, None]
    contact = np.maximum(mouth.closed, mouth.touching)
    in_silence = mouth.resting + (1 - mouth.resting) * PARTING_IN_SPEECH
    parting = feelings.parting * (in_silence * (1 - contact))[:, None]
    return face + parting, feelings.parted


def make_uneven(face: Doubles, manner: Manner, rng: np.random.Generator) -> None:
    """Makes one side stronger than the other in place, muscle by muscle, as a person is; lips still meet."""
    for name in UNEVEN:
        side = manner.asymmetry * rng.uniform(UNEVEN_LEAST, UNEVEN_MOST)
        face[:, MOTION_INDEX[name + "Left"]] *= 1 + side
        face[:, MOTION_INDEX[name + "Right"]] *= 1 - side
