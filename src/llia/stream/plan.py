"""How far the pictures are ahead -> how many frames the next clip has."""

from __future__ import annotations

from collections.abc import Sequence


def plan_clip(lengths: Sequence[int], frames_ahead: int, frames_heard: int = 0) -> int:
    """Allowed lengths, shortest first, and how many frames are made but not yet shown -> frames of the next clip.

    Nothing is ahead at the start, after a change and after an interruption: then the shortest clip comes, for its
    sound is there soonest. A longer one is smoother, and may be made while what is ahead is being shown: so a clip is
    never longer than that. Who is in a hurry says how many frames there is sound for: then as many are made at once.
    """
    assert list(lengths) == sorted(lengths) and lengths, f"expected lengths that grow, got {lengths}"
    assert frames_ahead >= 0, f"expected a number of frames, got {frames_ahead}"
    most = max(frames_ahead, frames_heard)
    return max([lengths[0], *(length for length in lengths if length <= most)])
