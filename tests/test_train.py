"""Training: the loop resumes bit for bit, every stage takes its steps, and what it learns is better than nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from llia.engine.weights import load_config, load_weights, save_weights
from llia.head.shape import load_head
from llia.nets.painter import PainterConfig
from llia.nets.sight import SIGHTS, Sight, SightConfig
from llia.portrait.find import EYE_LEFT, EYE_RIGHT, MOUTH
from llia.train.loop import Progress, Schedule, begin, train
from llia.train.people import People
from llia.train.s0_sight import SightData, descend, mirrored, train_sight

SCHEDULE = Schedule(num_steps=4, learning_rate=1e-3, log_every=1, num_workers=0, ema_from=1)
SMALL = SightConfig(crop_px=64, num_points=20, widths=(8, 16, 16, 16), map_level=0)


def dotted_people(num_stills: int = 6, size_px: int = 96) -> People:
    """-> stills with nothing but a dot at each landmark, so that a crop's truth can be read off its pixels."""
    rng = np.random.default_rng(0)
    mean = load_head().mean[load_head().sight][:, :2]
    points = np.empty((num_stills, 150, 2), np.float32)
    pictures = rng.integers(90, 110, (num_stills, size_px, size_px, 3)).astype(np.uint8)
    for still in range(num_stills):
        scale = rng.uniform(2.4, 3.0)
        points[still] = mean * [scale, -scale] + size_px / 2 + rng.normal(0, 2, 2)
        x, y = np.clip(points[still].astype(int), 0, size_px - 1).T
        pictures[still, y, x] = 255
    motion = np.zeros((num_stills, 66), np.float32)
    camera, sample = np.zeros((num_stills, 5), np.float32), np.zeros(num_stills, np.int32)
    return People(pictures, points, motion, camera, sample, np.ones(num_stills, bool), ({},))


def weights_of(network: torch.nn.Module) -> torch.Tensor:
    return torch.cat([value.flatten().float() for value in network.state_dict().values()])


def test_a_run_cut_in_two_ends_where_the_whole_one_does(tmp_path: Path) -> None:
    people = dotted_people()

    def run(folder: Path, num_steps: int) -> Progress:
        torch.manual_seed(3)
        schedule = Schedule(**(vars(SCHEDULE) | {"num_steps": 4, "save_every_s": 0.0}))
        if num_steps < schedule.num_steps:
            stop_after = SightData(people, "mouth", 2, 7)

            def make(step: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
                if step == num_steps:
                    raise KeyboardInterrupt
                return stop_after(step)

            with pytest.raises(KeyboardInterrupt):
                train(begin(Sight(SMALL), Sight(SMALL), schedule), descend, make, schedule, folder)
        data = SightData(people, "mouth", 2, 7)
        torch.manual_seed(3)
        return train(begin(Sight(SMALL), Sight(SMALL), schedule), descend, data, schedule, folder)

    whole, cut = run(tmp_path / "whole", 4), run(tmp_path / "cut", 2)
    assert whole.step == cut.step == 4
    assert torch.equal(weights_of(whole.network), weights_of(cut.network))
    assert torch.equal(weights_of(whole.mean), weights_of(cut.mean))
    assert not torch.equal(weights_of(whole.network), weights_of(whole.mean))
    assert (tmp_path / "cut" / "log.jsonl").read_text().count("\n") == 4


@pytest.mark.parametrize("kind", ["first", "mouth", "eye"])
def test_every_kind_of_sight_takes_its_steps(kind: str, tmp_path: Path) -> None:
    people = dotted_people()
    schedule = Schedule(**(vars(SCHEDULE) | {"num_steps": 3}))
    train_sight(kind, people, tmp_path, schedule, batch_size=2)
    assert (tmp_path / "look-000003.png").is_file()
    crops, points, weight = SightData(people, kind, 2, 1)(0)
    size, num = SIGHTS[kind].crop_px, SIGHTS[kind].num_points
    assert crops.shape == (2, 3, size, size) and points.shape == (2, num, 2) and weight.shape == (2, num)


def test_sight_overfits_a_few_stills(tmp_path: Path) -> None:
    people = dotted_people(2)
    data = SightData(people, "mouth", 4, 0)
    batch = data(0)
    torch.manual_seed(0)
    network = Sight(SMALL)
    schedule = Schedule(num_steps=120, learning_rate=3e-3, log_every=60, num_workers=0, warm_up_steps=10)
    before = (network(batch[0]).points - batch[1]).norm(dim=-1).mean().item()
    trained = train(begin(network, Sight(SMALL), schedule), descend, lambda _: batch, schedule, tmp_path)
    after = (trained.network(batch[0]).points - batch[1]).norm(dim=-1).mean().item()
    assert after < 0.35 * before


def test_crops_carry_their_points(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dots painted at the landmarks are found where the crop's truth says, mirrored ones too."""
    people = dotted_people(1, 256)
    points = (people.points[0] - 128) * 2.6 + 128
    picture = np.zeros((256, 256, 3), np.uint8)
    for x, y in points[[8, 30, 48]]:
        picture[int(y) - 4 : int(y) + 5, int(x) - 4 : int(x) + 5] = 255
    marked = replace(people, pictures=picture[None], points=points[None])
    monkeypatch.setattr(SightData, "surround", lambda self, picture, places, rng: picture)
    monkeypatch.setattr("llia.train.s0_sight.disguise", lambda picture, rng: picture.astype(np.float32) / 127.5 - 1)
    data = SightData(marked, "first", 1, 5)
    hits = 0
    for step in range(12):
        crops, seen, weight = data(step)
        crop = crops[0].mean(0).numpy()
        for original in (8, 30):  # on the middle line: a mirror leaves them themselves
            x, y = ((seen[0, original].numpy() + 1) * 64 - 0.5).round().astype(int)
            if weight[0, original] and 2 <= x < 126 and 2 <= y < 126:
                assert crop[y - 2 : y + 3, x - 2 : x + 3].max() > -0.5
                hits += 1
    assert hits >= 12


def test_mirrored_points_are_the_other_side() -> None:
    assert mirrored([36, 45, 48, 30]) == [45, 36, 54, 30]
    assert mirrored(list(EYE_RIGHT)) == list(EYE_LEFT)
    assert sorted(mirrored([*range(MOUTH.start, MOUTH.stop)])) == [*range(48, 68)]


def test_weights_carry_their_configuration(tmp_path: Path) -> None:
    torch.manual_seed(1)
    network, path = Sight(SMALL), tmp_path / "mouth.safetensors"
    save_weights(network, SMALL, path, {"trained": "on nothing"})
    assert load_config(path, SightConfig) == SMALL
    again = Sight(load_config(path, SightConfig))
    load_weights(again, path)
    assert torch.allclose(weights_of(again), weights_of(network), atol=2e-3)
    with pytest.raises(ValueError, match="weights of a PainterConfig"):
        load_config(path, PainterConfig)
    path.write_bytes(b"nothing")
    with pytest.raises(ValueError, match="expected weights as safetensors"):
        load_config(path, SightConfig)
