"""What is to be looked at: poses of people painted and true side by side, and their talk with its sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from llia.codec import ASSETS, Codec, sights_of
from llia.data.films import read_frames, read_sound
from llia.engine.makers import open_networks
from llia.eval.sheets import HATS, PEOPLE_PER_HAT, dress, seat, write_sheets, write_talks
from llia.world.people.casting import cast
from standins import carrying

SIZE_PX = 256
TURNS = slice(20, 24)  # the last poses of a sheet


@pytest.fixture(scope="module")
def codec() -> Codec:
    """Sight as it ships, and painters that only carry the portrait along."""
    return Codec(SIZE_PX, sights_of(open_networks(ASSETS, "torch")), carrying(SIZE_PX))


def test_a_person_is_posed_beside_the_truth(codec: Codec, tmp_path: Path) -> None:
    (path,) = write_sheets(codec, tmp_path, 1, seed=3)
    sheet = np.asarray(Image.open(path))
    assert sheet.shape == (8 * SIZE_PX, 6 * SIZE_PX, 3)
    tiles = sheet.reshape(8, SIZE_PX, 6, SIZE_PX, 3).transpose(0, 2, 1, 3, 4)[:, :, 20:].astype(float)
    painted, true = tiles[0::2].reshape(24, -1), tiles[1::2].reshape(24, -1)
    off = np.abs(painted[:, None] - true[None]).mean(-1)  # of every painted pose from every true one
    assert off[TURNS].argmin(1).tolist() == [*range(24)][TURNS]  # turned as told


def test_a_person_talks_beside_the_truth(codec: Codec, tmp_path: Path) -> None:
    (path,) = write_talks(codec, tmp_path, 1, 1.0, seed=3)
    frames, sound = list(read_frames(path)), read_sound(path)
    assert len(frames) == 25 and frames[0].shape == (SIZE_PX, 2 * SIZE_PX, 3)
    assert sound is not None and np.abs(sound).max() > 0.01
    sitter = seat(codec, 3, 0)
    assert np.array_equal(sitter.appearance.picture.shape, (SIZE_PX, SIZE_PX, 3))


def test_a_dozen_wears_hats() -> None:
    styles = [dress(cast(number, held_out=True), number).hair.style for number in range(4 * PEOPLE_PER_HAT)]
    assert tuple(styles[::PEOPLE_PER_HAT]) == HATS
