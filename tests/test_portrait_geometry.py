"""The portrait's geometry: heads fitted to exact landmarks, and what the painter is told of a new motion."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from llia.head.likeness import Camera, Crop, Likeness, project
from llia.head.measures import LIPS_CLOSED_CM
from llia.head.motion import EXPRESSION, MOTION_INDEX, TORSO_TURN, rest
from llia.head.shape import Material, load_head, pose
from llia.portrait.edit import set_named
from llia.portrait.fit import crop_face, expect, face_side, fit, follow
from llia.portrait.flow import IRIS_RADIUS, MATTERS, RIGID_GAIN, Channel
from llia.portrait.guide import guide, prepare
from llia.portrait.sightlines import NUM_UNKNOWNS, load_sight_model, look
from llia.portrait.trial import PICTURE_PX, Trial, correlation, draw_motion, draw_truth, noisy, try_fit
from llia.world.render import shade_eye

NUM_PEOPLE = 40


@cache
def tried(noise: float) -> Trial:
    return try_fit(range(NUM_PEOPLE), noise)


def test_slopes_are_those_of_the_places() -> None:
    model, rng = load_sight_model(), np.random.default_rng(0)
    unknowns = rng.uniform(0, 0.4, NUM_UNKNOWNS)
    seen = look(model, unknowns, 80.0)
    for k in range(NUM_UNKNOWNS):
        little = np.zeros(NUM_UNKNOWNS)
        little[k] = 1e-5
        change = look(model, unknowns + little, 80.0).points - look(model, unknowns - little, 80.0).points
        assert np.allclose(change / 2e-5, seen.slopes[..., k], atol=1e-6)


def test_exact_landmarks_are_explained() -> None:
    trial = tried(0.0)
    assert np.median(trial.place) < 0.0015
    assert trial.residual.max() < 0.006
    assert np.median(np.abs(trial.gaze)) < 1.0
    assert np.median(np.abs(trial.gap[:, 0] - trial.gap[:, 1])) < 0.06


def test_noisy_landmarks_are_smoothed_by_the_head() -> None:
    trial = tried(0.01)
    assert np.median(trial.place) < 0.006  # the noise itself is three times that
    assert np.percentile(np.median(trial.place, axis=1), 95) < 0.01
    assert np.median(np.abs(trial.gaze)) < 3
    assert np.median(np.abs(trial.turn_change), axis=0).max() < 1  # degrees
    assert np.median(np.abs(trial.turn), axis=0).max() < 3.5
    for name, least in (("jawOpen", 0.95), ("mouthSmileLeft", 0.9), ("eyeBlinkLeft", 0.9), ("head.yaw", 0.98)):
        assert correlation(trial, name) > least, name


def test_lips_closed_in_the_picture_are_closed_in_the_fit() -> None:
    trial = try_fit(range(NUM_PEOPLE), 0.01, shut=True)
    fitted, true, followed, _ = trial.gap.T
    assert (true < LIPS_CLOSED_CM).all()
    assert (fitted <= LIPS_CLOSED_CM).mean() > 0.9
    assert (followed <= LIPS_CLOSED_CM).mean() > 0.9
    wide = tried(0.01).gap
    assert (wide[wide[:, 1] > 0.3, 0] > LIPS_CLOSED_CM).mean() > 0.95  # and open ones stay open


def test_the_fit_says_when_there_is_no_face() -> None:
    rng = np.random.default_rng(5)
    sigma = np.full(150, 3.0)
    good = [fit(noisy(truth, 0, rng), truth.sigma).residual for truth in map(draw_truth, range(10))]
    for _ in range(5):
        nonsense = rng.uniform(50, 450, (150, 2))
        assert fit(nonsense, sigma).residual > 5 * max(good)
    shuffled = draw_truth(1).points[0][rng.permutation(150)]
    assert fit(shuffled, sigma).residual > 5 * max(good)


def test_a_fit_survives_json_and_explains_its_points() -> None:
    truth = draw_truth(3, 0.005)
    fitted = fit(noisy(truth, 0, np.random.default_rng(3)), truth.sigma)
    likeness = Likeness.from_json(fitted.likeness.to_json())
    assert np.array_equal(likeness.motion, fitted.likeness.motion)
    motion = likeness.motion
    assert (motion[EXPRESSION] >= 0).all() and (motion[EXPRESSION] <= 1).all() and not motion[TORSO_TURN].any()
    again = follow(likeness, fitted.points, np.full(150, 0.1), motion)
    assert np.abs(again - motion).max() < 0.05


def test_follow_takes_true_likenesses_with_a_rolled_camera() -> None:
    truth = draw_truth(11, 0.002)
    assert abs(truth.camera.roll) > 0.01
    crop = Crop(PICTURE_PX / 2, PICTURE_PX / 2, PICTURE_PX)
    identity = np.clip(np.random.default_rng(11).normal(0, 1, 40), -1.9, 1.9).astype(np.float32) * np.float32(0.8)
    likeness = Likeness(identity, truth.camera, truth.motions[0], crop)
    motion = follow(likeness, truth.points[1], truth.sigma, truth.motions[0])
    assert np.abs(motion[54:62] - truth.motions[1][54:62]).max() < 0.02  # head in radians and cm, gaze


def test_what_is_expected_is_where_the_posed_head_has_its_points() -> None:
    motion = rest()
    motion[: EXPRESSION.stop] = np.random.default_rng(4).uniform(0, 0.6, EXPRESSION.stop)
    motion[54:62] = 0.3, -0.2, 0.15, 0.4, -0.3, 0.2, 0.25, -0.1  # the head's turn and shift, and the gaze
    identity = np.random.default_rng(3).normal(0, 0.6, 40).astype(np.float32)
    likeness = Likeness(identity, Camera.framing(0.5, -0.4, 70, 15, roll=0.3), rest(), Crop(210, 190, 330, -0.2))
    seen = project(likeness.pose(motion)[load_head().sight], likeness.camera, 2)[:, :2].astype(np.float64) - 1
    assert np.abs(expect(likeness, motion) - likeness.crop.to_picture(seen)).max() < 0.01


def test_faces_lying_on_their_side_are_cropped_upright() -> None:
    truth = draw_truth(4, 0.003)
    points = truth.points[0]
    upright = crop_face(points)
    assert upright.angle == 0 and upright.side == pytest.approx(2.3 * face_side(points))
    on_its_side = np.stack([PICTURE_PX - points[:, 1], points[:, 0]], 1)  # a quarter turn clockwise
    crop = crop_face(on_its_side)
    assert np.degrees(crop.angle) == pytest.approx(90, abs=30)
    assert np.allclose(crop.to_picture(crop.from_picture(on_its_side)), on_its_side)
    fitted = fit(on_its_side, truth.sigma)
    assert np.median(np.linalg.norm(fitted.points - on_its_side, axis=1)) < 0.01 * face_side(points)


def test_landmarks_that_cannot_be_are_refused() -> None:
    points, sigma = draw_truth(1).points[0], np.ones(150)
    with pytest.raises(ValueError, match="expected 150 landmarks"):
        fit(points[:68], sigma[:68])
    with pytest.raises(ValueError, match="finite"):
        fit(points * np.nan, sigma)
    with pytest.raises(ValueError, match="all of them stand at one place"):
        fit(points * 0, sigma, Crop(0, 0, 10))


SIZE_PX = 256
FRAMING = Camera.framing(0.4, -0.3, 80, 16)
INNER = [*range(17, 31), 48, 50, 52, 54, 56, 58]  # brows, nose, outer lips: far from any edge of the head


def moved(**values: float) -> np.ndarray:
    motion = rest()
    for name, value in values.items():
        motion[MOTION_INDEX[name.replace("_", ".")]] = value
    return motion


def portrait(motion: np.ndarray, seed: int = 2) -> Likeness:
    identity = np.random.default_rng(seed).normal(0, 0.6, 40).astype(np.float32)
    return Likeness(identity, FRAMING, motion, Crop(128, 128, 256))


def places(likeness: Likeness, motion: np.ndarray, vertices: np.ndarray) -> np.ndarray:
    return project(pose(likeness.rest(), motion)[vertices], FRAMING, SIZE_PX)[:, :2]


def flow_at(flow: np.ndarray, points: np.ndarray) -> np.ndarray:
    """-> the flow between pixels, in pixels."""
    x, y = (points - 0.5).astype(np.float32).T
    return np.asarray(cv2.remap(flow, x[None], y[None], cv2.INTER_LINEAR)[0] * SIZE_PX)


def holes(share: np.ndarray) -> int:
    """-> how many pixels less than half covered are cut off from the picture's border."""
    empty = (share < 0.5).astype(np.uint8)
    _, parts = cv2.connectedComponents(np.pad(empty, 1, constant_values=1), connectivity=4)
    return int(((parts[1:-1, 1:-1] != parts[0, 0]) & (empty == 1)).sum())


def test_no_motion_is_no_flow_and_all_is_seen() -> None:
    motion = moved(jawOpen=0.3, head_yaw=0.2, eyeBlinkLeft=0.3)
    shown = guide(prepare(portrait(motion)), motion)
    head = shown.channels[Channel.HEAD]
    assert np.abs(shown.flow).max() * SIZE_PX < 1e-3
    assert (shown.channels[Channel.SEEN][head == 1] == 1).mean() > 0.998
    assert (shown.channels[Channel.SEEN][head == 0] == 1).mean() > 0.99
    assert 0.25 < head.mean() < 0.7


def test_flow_is_the_exact_way_of_each_point() -> None:
    before = moved(mouthSmileLeft=0.3)
    after = moved(jawOpen=0.25, head_yaw=0.15, head_pitch=-0.05, head_x=0.8, head_y=-0.5, browInnerUpLeft=0.5)
    likeness = portrait(before)
    landmarks = load_head().landmarks[INNER]
    there, here = places(likeness, before, landmarks), places(likeness, after, landmarks)
    assert np.linalg.norm(there - here, axis=1).min() > 4  # pixels: something moves
    shown = guide(prepare(likeness, SIZE_PX), after)
    assert (
        np.abs(flow_at(shown.flow, here) - (there - here)).max() < 0.05 * 2
    )  # a place between pixels is bent a little
    assert np.median(np.abs(flow_at(shown.flow, here) - (there - here))) < 0.01


def test_a_turned_portrait_does_not_show_the_far_cheek() -> None:
    turned = portrait(moved(head_yaw=0.7))
    cheeks = load_head().landmarks[[14, 2]]  # the person's left and right
    shown = guide(prepare(turned), rest())
    columns, rows = (places(turned, rest(), cheeks) / 2).astype(int).T
    left, right = shown.channels[Channel.SEEN][rows, columns + np.array([-3, 3])]
    assert left == 0 and right == 1
    onwards = guide(prepare(portrait(rest())), moved(head_yaw=0.7))
    assert onwards.channels[Channel.SEEN].mean() > 0.8


def test_borders_and_shoulders_stand_still_and_follow_the_torso() -> None:
    side = prepare(portrait(rest()))
    shown = guide(side, moved(head_yaw=0.5, head_roll=0.2, head_x=1.5))
    for border in (shown.flow[0], shown.flow[:, 0], shown.flow[:, -1]):
        assert np.abs(border).max() * SIZE_PX < 1e-3
    beside_the_neck = np.concatenate([shown.flow[-16:, :30], shown.flow[-16:, -30:]])
    assert np.abs(beside_the_neck).max() * SIZE_PX < 0.5
    assert np.abs(shown.flow[110]).max() * SIZE_PX > 20
    raised = guide(side, moved(torso_height=1.0)).flow[236, [30, 226], 1] * SIZE_PX
    assert np.all(raised > 3)  # one cm is eight pixels


def test_classes_cover_the_head() -> None:
    side = prepare(portrait(rest()))
    open_mouth = guide(side, moved(jawOpen=0.7, mouthUpperUpLeft=0.4, mouthUpperUpRight=0.4)).channels
    assert np.allclose(open_mouth[MATTERS].sum(0), open_mouth[Channel.HEAD], atol=1e-5)
    assert open_mouth[Channel.TEETH].sum() > 5 and open_mouth[Channel.GUMS].sum() > 50
    assert guide(side, moved(jawOpen=1, head_yaw=0.4)).channels[Channel.HOLLOW].sum() > 20
    assert holes(open_mouth[Channel.HEAD]) == 0  # nowhere does one see through the head
    smile = {f"mouth{name}{one}": 0.6 for name in ("Smile", "UpperUp", "LowerDown") for one in ("Left", "Right")}
    smiling = guide(side, moved(jawOpen=0.2, **smile)).channels
    teeth = smiling[Channel.TEETH] == 1
    assert teeth.sum() > 10 and smiling[Channel.SEEN][teeth].mean() < 0.2  # the portrait has its mouth shut
    white, iris = open_mouth[Channel.EYE] > 0.99, open_mouth[Channel.IRIS] > 0.99
    places = np.hypot(open_mouth[Channel.IRIS_X], open_mouth[Channel.IRIS_Y])
    assert white.sum() > 5 and iris.sum() > 10
    assert places[iris].max() < IRIS_RADIUS < places[white].min()
    asleep = guide(side, moved(eyeBlinkLeft=1, eyeBlinkRight=1)).channels
    eyes = [Channel.EYE, Channel.IRIS]
    assert asleep[eyes].sum() < 0.3 * open_mouth[eyes].sum()


def test_wide_eyes_do_not_stand_out_through_shut_lids() -> None:
    for seed in range(6):
        identity = np.random.default_rng(seed).normal(0, 1.2, 40).astype(np.float32)
        side = prepare(Likeness(identity, FRAMING, rest(), Crop(128, 128, 256)))
        for pitch in (-0.25, 0.25):
            shut = guide(side, moved(eyeBlinkLeft=1, eyeBlinkRight=1, gaze_pitch=pitch)).channels
            assert shut[Channel.IRIS].sum() < 0.2 * guide(side, rest()).channels[Channel.IRIS].sum()


def test_what_a_lid_lay_on_is_not_seen() -> None:
    before = moved(eyeBlinkLeft=0.45, eyeBlinkRight=0.45)
    side = prepare(portrait(before), SIZE_PX)
    own, shown = guide(side, before).matter, guide(side, moved(eyeWideLeft=0.5, eyeWideRight=0.5))
    places = np.stack(np.meshgrid(*2 * [np.arange(SIZE_PX)]), -1) + 0.5 + shown.flow * SIZE_PX
    eyes = [Channel.EYE - Channel.SKIN, Channel.IRIS - Channel.SKIN]
    across, up = places[np.isin(shown.matter, eyes)].astype(int).T  # of those that count as seen
    assert len(up) > 100
    assert np.isin(own[up, across], eyes).mean() > 0.75  # the rest is at the rim, within a pixel


def test_irises_are_as_large_as_in_the_world() -> None:
    assert pytest.approx(float(shade_eye.IRIS_RADIUS)) == IRIS_RADIUS


def test_shut_lids_have_a_line_of_lashes_that_comes_from_the_portraits_own() -> None:
    likeness = portrait(rest())
    asleep = guide(prepare(likeness, SIZE_PX), moved(eyeBlinkLeft=1, eyeBlinkRight=1))
    lashes = asleep.matter == Channel.LASH - Channel.SKIN
    assert lashes.sum() > 40
    rows, columns = np.nonzero(lashes)
    there = (np.stack([columns, rows], -1) + 0.5) + asleep.flow[lashes] * SIZE_PX
    own = np.unique(load_head().triangles[load_head().material == Material.LASH])
    drawn = places(likeness, rest(), own)
    nearest = np.linalg.norm(there[:, None] - drawn[None], axis=-1).min(1)
    assert np.median(nearest) < 1 and nearest.max() < 4  # pixels


def test_what_only_follows_the_head_is_told_its_own_way() -> None:
    """A point of glasses is where a brow is; the brow is raised, the glasses are not."""
    likeness = portrait(moved(head_yaw=-0.1, head_x=0.4))
    only_turned = moved(head_yaw=0.2, head_pitch=0.1, head_y=0.3, torso_height=0.2)
    side = prepare(likeness, SIZE_PX, SIZE_PX)
    plain = guide(side, only_turned).channels
    inside = plain[Channel.HEAD] == 1
    rigid = plain[[Channel.RIGID_X, Channel.RIGID_Y]] / RIGID_GAIN
    stiff = inside & (plain[Channel.SKIN] == 1) & (plain[Channel.SEEN] == 1) & (np.arange(SIZE_PX)[:, None] < 150)
    assert stiff.sum() > 1000 and np.abs(rigid[:, stiff]).max() * SIZE_PX < 0.05
    raised = guide(side, set_named(only_turned, {"browInnerUpLeft": 0.8, "browInnerUpRight": 0.8})).channels
    stiff &= (raised[Channel.HEAD] == 1) & (raised[Channel.SEEN] == 1)
    flow = [Channel.FLOW_X, Channel.FLOW_Y]
    bent = (raised[flow] - plain[flow])[:, stiff] * SIZE_PX
    told = bent + raised[[Channel.RIGID_X, Channel.RIGID_Y]][:, stiff] / RIGID_GAIN * SIZE_PX
    brow = np.abs(bent[1]) > 1
    assert brow.sum() > 500
    assert np.median(np.abs(told[1, brow])) < 0.15 * np.median(np.abs(bent[1, brow]))


def test_frames_do_not_depend_on_each_other() -> None:
    rng = np.random.default_rng(8)
    side = prepare(portrait(draw_motion(rng, 0.3, shut=False)))
    motions = [draw_motion(rng, 0.6, shut=False) for _ in range(4)]
    first = [guide(side, motion) for motion in motions]
    for motion, frame in reversed(list(zip(motions, first, strict=True))):
        again = guide(side, motion)
        assert np.array_equal(again.flow, frame.flow) and np.array_equal(again.channels, frame.channels)


def test_sizes() -> None:
    likeness = portrait(rest())
    motion = moved(head_yaw=0.2, jawOpen=0.4)
    small, large = (guide(prepare(likeness, size), motion) for size in (128, 512))
    assert small.channels.shape == large.channels.shape == (len(Channel), 128, 128)
    assert large.flow.shape == (512, 512, 2)
    averaged = large.flow.reshape(128, 4, 128, 4, 2).mean((1, 3))
    assert np.median(np.abs(averaged - small.flow)) * SIZE_PX < 0.05
    with pytest.raises(ValueError, match="expected a size that"):
        prepare(likeness, 300)
