"""Text -> sound and phones from espeak-ng, which runs as a separate process (espeak_worker.py)."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from llia.world.voice.alphabets import is_vowel
from llia.world.voice.phones import PAUSE, VOICELESS_STOPS, Take, chain, move_starts, split_stress

WORKER = Path(__file__).with_name("espeak_worker.py")
FULL_SCALE = 32768
# espeak-ng dates a voiceless stop by its release; the mouth closes this long before (median of measured closures).
CLOSURE_S = 0.043
EARLIER_S = dict.fromkeys(VOICELESS_STOPS, CLOSURE_S)


class Worker:
    """The process and its pipes; one request at a time, whatever thread asks."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.lock = threading.Lock()
        atexit.register(self.close)

    def ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """A request of espeak_worker.py -> its header and its sound; a worker that died is started again once."""
        with self.lock:
            answer = self.try_asking(request) or self.try_asking(request)
        if answer is None:
            raise OSError("expected an answer of the espeak-ng worker, it ended; try `pip install espeakng-loader`")
        header, sound = answer
        if "missing" in header:
            raise OSError(header["missing"])
        if "error" in header:
            raise ValueError(header["error"])
        return header, sound

    def try_asking(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes] | None:
        """-> header and sound, or None if the process is gone."""
        if self.process is None or self.process.poll() is not None:
            self.close()
            self.process = subprocess.Popen(
                [sys.executable, "-I", str(WORKER)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,  # Ctrl-C is ours, not its
            )  # fmt: skip
        assert self.process.stdin is not None and self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
            header: dict[str, Any] = json.loads(line) if line.endswith(b"\n") else {}
            num_bytes = 2 * header.get("num_samples", 0)
            sound = self.process.stdout.read(num_bytes)
        except BrokenPipeError:
            header, sound, num_bytes = {}, b"", 0
        if not header or len(sound) < num_bytes:
            self.close()
            return None
        return header, sound

    def close(self) -> None:
        """Ends the process; the next request starts another."""
        process, self.process = self.process, None
        if process is None:
            return
        assert process.stdin is not None and process.stdout is not None
        process.kill()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()
        process.wait()


@cache
def worker_of(process_id: int) -> Worker:
    """-> this process's own worker: a pipe must not be shared with a fork."""
    del process_id
    return Worker()


def worker() -> Worker:
    """-> the worker that is kept open."""
    return worker_of(os.getpid())


@cache
def list_names() -> tuple[frozenset[str], frozenset[str]]:
    """-> the languages and the variants that espeak-ng has here; none where it is not installed."""
    try:
        header, _ = worker().ask({"list": True})
    except OSError:
        return frozenset(), frozenset()
    return frozenset(header["languages"]), frozenset(header["variants"])


def speak(text: str, voice: str, *, rate: int = 165, pitch: int = 50, pitch_range: int = 50) -> Take:
    """Text, a voice ("en-gb+f3"), words a minute, and pitch and its range of 0 to 99 -> the sentence."""
    request = {"text": text, "voice": voice, "rate": rate, "pitch": pitch, "range": pitch_range}
    header, data = worker().ask(request)
    sound = np.frombuffer(data, "<i2").astype(np.float32) / np.float32(FULL_SCALE)
    rate_hz: int = header["rate_hz"]
    starts, words = read_events(header["events"], rate_hz)
    phones = chain(starts, len(sound) / rate_hz)
    return Take(sound, rate_hz, move_starts(phones, EARLIER_S), tuple(words))


def read_events(events: list[tuple[int, str, str]], rate_hz: int) -> tuple[list[tuple[float, str, int]], list[float]]:
    """The worker's events -> (start, IPA, stress) of each phone, and when each word begins.

    espeak-ng marks stress from 1.52 on; where it marks none, the first vowel of every word counts as stressed.
    """
    is_marked = any(split_stress(mark)[1] for _, kind, mark in events if kind == "phone")
    starts: list[tuple[float, str, int]] = []
    words: list[float] = []
    awaits_stress = False
    for sample, kind, mark in events:
        at_s = sample / rate_hz
        if kind == "word":
            words.append(at_s)
            awaits_stress = not is_marked
        elif kind == "end":
            starts.append((at_s, PAUSE, 0))
        elif not mark.startswith("("):  # "(en)" says that the language changed
            ipa, stress = split_stress(mark)
            if awaits_stress and is_vowel(ipa):
                stress, awaits_stress = 1, False
            starts.append((at_s, ipa, stress))
    return starts, words
