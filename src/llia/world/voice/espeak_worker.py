"""One JSON line in -> one JSON line and raw 16-bit sound out: espeak-ng, kept in a process of its own.

espeak-ng is under the GPL, so nothing of llia loads it: this program does, started as a separate process, and the
two talk through pipes. It needs nothing but Python and the library (from the package espeakng-loader or the system).

Request:  {"text": "Hello.", "voice": "en-us+f3", "rate": 165, "pitch": 50, "range": 50}
Answer:   {"rate_hz": 22050, "num_samples": n, "version": "1.52.0", "events": [[sample, kind, ipa], ...]}
          and n samples of 16-bit little-endian sound; kind is "phone", "word" or "end".
Request:  {"list": true} -> {"languages": [...], "variants": [...], "version": ...} and no sound.
Fault:    {"error": "one line"} and no sound; {"missing": "one line"} where there is no library.

espeak-ng keeps state between sentences that no call resets: where it stands in its pitch flutter, in the current
glottal cycle and in the chain of random numbers, which 1.52 starts from the clock besides. So the seed is set, and
every sentence is spoken in a fork of the freshly started process: the same request gives the same bytes, whatever was
said before. Where the system cannot fork, the worker answers one sentence and ends, and the caller starts another.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

AUDIO_OUTPUT_SYNCHRONOUS = 2
PHONEME_EVENTS_IN_IPA = 1 | 2
UTF8_TEXT = 1
PHONE_EVENT = 7
EVENT_KINDS = {1: "word", 5: "end", PHONE_EVENT: "phone"}
PARAMETERS = {"rate": 1, "volume": 2, "pitch": 3, "range": 4}
DEFAULTS = {"rate": 165, "volume": 100, "pitch": 50, "range": 50}
SEED_BY, SEED = "espeak_ng_SetRandSeed", 1  # from 1.52 on, where the noise is seeded by the clock
SYSTEM_LIBRARIES = ("libespeak-ng.so.1", "libespeak-ng.1.dylib", "libespeak-ng.dylib", "libespeak-ng.dll")

Answer = tuple[dict[str, Any], bytes]


class EventId(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", EventId),
    )


class VoiceRecord(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("reserved", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


SynthCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))


def load_library() -> tuple[ctypes.CDLL, bytes | None]:
    """-> the library and where its data lies (None: where it was built to look). The package goes first."""
    try:
        import espeakng_loader

        return ctypes.CDLL(espeakng_loader.get_library_path()), os.fsencode(espeakng_loader.get_data_path())
    except (ImportError, OSError):
        pass
    found = ctypes.util.find_library("espeak-ng")
    for name in (*SYSTEM_LIBRARIES, *([found] if found else [])):
        try:
            return ctypes.CDLL(name), None
        except OSError:
            continue
    raise OSError("expected the library espeak-ng, found none; do `pip install espeakng-loader`")


def open_library() -> tuple[ctypes.CDLL, int, str, Path]:
    """-> the started library, its sampling rate, its version and its data folder."""
    library, data = load_library()
    library.espeak_Info.restype = ctypes.c_char_p
    library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(VoiceRecord))
    rate_hz = library.espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, data, PHONEME_EVENTS_IN_IPA)
    if rate_hz <= 0:
        raise OSError(f"espeak-ng did not start (it answered {rate_hz}); install espeakng-loader again")
    if hasattr(library, SEED_BY):
        getattr(library, SEED_BY)(ctypes.c_long(SEED))
    place = ctypes.c_char_p()
    version = library.espeak_Info(ctypes.byref(place)).decode()
    return library, rate_hz, version, Path(os.fsdecode(place.value or b""))


def list_languages(library: ctypes.CDLL) -> dict[str, str]:
    """-> each language code and the name of the voice file that speaks it ("en-gb": "en")."""
    languages: dict[str, str] = {}
    records = library.espeak_ListVoices(None)
    at = 0
    while records[at]:
        record = records[at].contents
        file = record.identifier.decode().rsplit("/", 1)[-1]
        code = ctypes.string_at(record.languages + 1).decode().lower()  # the byte before it is a priority
        languages.setdefault(code, file)
        languages.setdefault(file.lower(), file)
        at += 1
    return languages


def list_variants(data: Path) -> list[str]:
    """-> the voices of a speaker that can be put on any language ("f3", "Andrea")."""
    return sorted(file.name for file in (data / "voices" / "!v").iterdir())


def speak(library: ctypes.CDLL, voice: bytes, request: dict[str, Any]) -> tuple[list[tuple[int, str, str]], bytes]:
    """A voice and a request -> events and 16-bit sound; leaves the library's state changed."""
    sound: list[bytes] = []
    events: list[tuple[int, str, str]] = []

    def collect(samples: Any, count: int, found: Any) -> int:
        if samples and count > 0:
            sound.append(ctypes.string_at(samples, 2 * count))
        at = 0
        while found[at].type:
            event = found[at]
            if event.type in EVENT_KINDS:
                ipa = event.id.string.decode("utf-8", "ignore") if event.type == PHONE_EVENT else ""
                events.append((event.sample, EVENT_KINDS[event.type], ipa))
            at += 1
        return 0

    callback = SynthCallback(collect)
    library.espeak_SetSynthCallback(callback)
    if library.espeak_SetVoiceByName(voice) != 0:
        raise ValueError(f"espeak-ng refused the voice {voice.decode()!r}")
    for name, number in PARAMETERS.items():
        library.espeak_SetParameter(number, int(request.get(name, DEFAULTS[name])), 0)
    text = str(request["text"]).encode() + b"\0"
    if library.espeak_Synth(text, len(text), 0, 1, 0, UTF8_TEXT, None, None) != 0:
        raise ValueError("espeak-ng refused the text")
    library.espeak_Synchronize()
    return events, b"".join(sound)


def answer_in_fork(answer: Callable[[], Answer]) -> Answer | None:
    """Writes the answer from a fork of this process, so that this one stays as it was; -> a fault to report, if any."""
    sys.stdout.buffer.flush()
    child = os.fork()
    if child == 0:
        write(*answer())
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    return ({"error": f"espeak-ng ended with status {status} while speaking"}, b"") if status else None


def write(header: dict[str, Any], sound: bytes) -> None:
    """An answer -> the pipe."""
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + sound)
    sys.stdout.buffer.flush()


def check_voice(name: str, languages: dict[str, str], variants: list[str]) -> bytes:
    """ "en-gb+f3" -> what the library must be asked for; the library itself takes a wrong variant for none."""
    language, _, variant = name.partition("+")
    if language.lower() not in languages:
        raise ValueError(f"espeak-ng has no language {language!r}")
    if variant and variant not in variants:
        raise ValueError(f"espeak-ng has no variant {variant!r}")
    return (languages[language.lower()] + ("+" + variant if variant else "")).encode()


def main() -> None:
    """Answers requests until the pipe closes."""
    try:
        library, rate_hz, version, data = open_library()
        languages, variants = list_languages(library), list_variants(data)
    except OSError as error:
        sys.stdin.buffer.readline()
        write({"missing": str(error)}, b"")
        return

    def answer(request: dict[str, Any]) -> Answer:
        try:
            voice = check_voice(str(request["voice"]), languages, variants)
            events, sound = speak(library, voice, request)
        except (ValueError, KeyError, TypeError) as error:
            return {"error": str(error)}, b""
        return {"rate_hz": rate_hz, "num_samples": len(sound) // 2, "version": version, "events": events}, sound

    for line in sys.stdin.buffer:
        request = json.loads(line)
        if request.get("list"):
            write({"languages": sorted(languages), "variants": variants, "version": version}, b"")
        elif hasattr(os, "fork"):
            fault = answer_in_fork(partial(answer, request))
            if fault:
                write(*fault)
        else:
            write(*answer(request))
            return


if __name__ == "__main__":
    main()
