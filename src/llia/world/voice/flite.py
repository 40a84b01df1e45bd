"""Text -> sound and phones from flite: American and Scottish English cut from real speakers."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import soundfile

from llia.world.voice.alphabets import ARPABET, UNSTRESSED, is_vowel
from llia.world.voice.phones import Take, chain

PROGRAM = "flite"
ROOM = "make room in the folder for temporary files"
# flite names no stress: a full vowel of at least this length counts as stressed.
STRESSED_S = 0.075


@cache
def list_names() -> frozenset[str]:
    """-> the voices that flite has here; none where it is not installed."""
    if shutil.which(PROGRAM) is None:
        return frozenset()
    answer = subprocess.run([PROGRAM, "-lv"], capture_output=True, text=True, check=False).stdout
    return frozenset(answer.partition(":")[2].split())


def speak(text: str, voice: str, *, stretch: float = 1.0) -> Take:
    """Text, a voice's name and a factor on all durations -> the sentence."""
    with tempfile.TemporaryDirectory(prefix="llia-flite-") as folder:
        path = Path(folder) / "speech.wav"
        options = ["-voice", voice, "--setf", f"duration_stretch={stretch:.4f}", "-psdur", "-t", text, "-o", str(path)]
        done = subprocess.run([PROGRAM, *options], capture_output=True, text=True, check=False)
        if done.returncode != 0 or not path.exists():
            raise ValueError(f"flite did not say {text!r}: {done.stderr.strip() or done.returncode}")
        try:
            sound, rate_hz = soundfile.read(path, dtype="float32")
        except soundfile.LibsndfileError as error:
            raise OSError(f"expected sound from flite, got no such file ({error.error_string}); {ROOM}") from None
    ends = [part.rpartition(":") for part in done.stdout.split()]
    unknown = {name for name, _, _ in ends} - ARPABET.keys()
    assert not unknown, f"flite's {voice} has phones without IPA: {unknown}"
    starts: list[tuple[float, str, int]] = []
    at_s, heard_s = 0.0, 0.0
    for name, _, end in ends:
        ipa = ARPABET[name]
        stressed = is_vowel(ipa) and ipa not in UNSTRESSED and float(end) - at_s >= STRESSED_S
        starts.append((at_s, ipa, int(stressed)))
        at_s = float(end)
        heard_s = at_s if ipa else heard_s
    if len(sound) < heard_s * rate_hz:  # flite takes no notice of a disk that is full
        raise OSError(f"expected {heard_s:.2f} s of sound from flite, got {len(sound) / rate_hz:.2f} s; {ROOM}")
    return Take(sound, rate_hz, chain(starts, len(sound) / rate_hz), ())
