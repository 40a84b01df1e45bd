"""Text -> sound and phones from festival: voices cut from real speakers of eight languages.

One festival process is kept for each of the last few voices: loading one takes longer than speaking, and voices in one
process change each other's settings.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
import unicodedata
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import soundfile

from llia.world.voice.alphabets import ARPABET, CATALAN, CZECH, FINNISH, INDIC, ITALIAN, RUSSIAN, is_vowel
from llia.world.voice.phones import Take, chain, move_starts

PROGRAM = "festival"
HEAP_CELLS = 2_000_000  # festival's usual ten million cost 300 MB and a third of a second
MOST_PROCESSES = 6
PUNCTUATION = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "–": ",", "—": ",", "…": ".", "\n": " "})
NUKTA = "\u093c"
SAID, FAULT, PHONE = "llia-said", "llia-fault", "llia-phone"
WORD_START = "00"  # first sound of the first syllable
# Speaks, then prints each phone: its name, its end, the stress of its syllable, whether it begins a word.
# `rand` is what the Czech voices vary by; it starts anew for every sentence.
SCRIPT = f"""
(define (llia_phone s)
  (format t "{PHONE} %s %f %s %s%s\\n" (item.name s) (item.feat s "end") (item.feat s "R:SylStructure.parent.stress")
    (if (item.relation s 'SylStructure) (item.feat s "pos_in_syl") "x")
    (if (item.relation s 'SylStructure) (item.feat s "R:SylStructure.parent.pos_in_word") "x")))
(define (llia_say voice text path stretch)
  (eval (list (intern (string-append "voice_" voice))))
  (Parameter.set 'Duration_Stretch stretch)
  (set! czech-rand-range nil)
  (srand 1)
  (set! spoken (eval (list 'Utterance 'Text text)))
  (utt.synth spoken)
  (utt.save.wave spoken path 'riff)
  (mapcar llia_phone (utt.relation.items spoken 'Segment))
  nil)
"""


@dataclass(frozen=True)
class Family:
    """What voices of one making share."""

    alphabet: dict[str, str]
    encoding: str = "latin-1"
    first_stressed: bool = False  # the language stresses the first vowel of a word and the voice does not say so
    earlier_s: dict[str, float] = field(default_factory=dict)  # starts that are late, by first letter of the IPA


ENGLISH_VOICES = Family(ARPABET)
ITALIAN_VOICES = Family(ITALIAN)
CATALAN_VOICES = Family(CATALAN)
CZECH_VOICES = Family(CZECH, "iso8859-2", first_stressed=True)
# The Russian voice marks p and k some way into their closure (medians of 9 and 8 between vowels; its t is right).
RUSSIAN_VOICES = Family(RUSSIAN, "utf-8", earlier_s={"p": 0.033, "k": 0.031})
FINNISH_VOICES = Family(FINNISH, first_stressed=True)
INDIC_VOICES = Family(INDIC, "utf-8", first_stressed=True)
FAMILY_OF: dict[str, Family] = {
    "cmu_us_slt_arctic_hts": ENGLISH_VOICES, "kal_diphone": ENGLISH_VOICES, "ked_diphone": ENGLISH_VOICES,
    "lp_diphone": ITALIAN_VOICES, "pc_diphone": ITALIAN_VOICES, "upc_ca_ona_hts": CATALAN_VOICES,
    "czech_ph": CZECH_VOICES, "czech_machac": CZECH_VOICES, "czech_dita": CZECH_VOICES, "czech_krb": CZECH_VOICES,
    "msu_ru_nsh_clunits": RUSSIAN_VOICES, "suo_fi_lj_diphone": FINNISH_VOICES, "hy_fi_mv_diphone": FINNISH_VOICES,
    "hindi_NSK_diphone": INDIC_VOICES, "telugu_NSK_diphone": INDIC_VOICES, "marathi_NSK_diphone": INDIC_VOICES,
}  # fmt: skip


class Session:
    """One festival process that has one voice loaded."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="llia-festival-")
        self.process = subprocess.Popen(
            [PROGRAM, "--heap", str(HEAP_CELLS), "--pipe"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self.send(SCRIPT.encode())

    def send(self, scheme: bytes) -> None:
        """What is sent to a process that has ended is lost; whoever reads its answer finds out and says so."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.write(scheme)
            self.process.stdin.flush()

    def say(self, voice: str, text: bytes, stretch: float) -> tuple[list[str], Path]:
        """-> the lines that it printed and the sound file."""
        assert self.process.stdout is not None
        path = Path(self.folder.name) / "speech.wav"
        path.unlink(missing_ok=True)
        quoted = text.replace(b"\\", b" ").replace(b'"', b'\\"')
        call = b'(llia_say "%s" "%s" "%s" %.4f)' % (voice.encode(), quoted, os.fsencode(path), stretch)
        self.send(b'(unwind-protect %s (format t "%s\\n"))' % (call, FAULT.encode()))
        self.send(b'(format t "%s\\n")(fflush nil)\n' % SAID.encode())
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line.decode("latin-1").strip())
            if lines[-1] == SAID:
                return lines[:-1], path
        raise OSError(f"festival ended while speaking with {voice}: {' '.join(lines[-3:])}")

    def close(self) -> None:
        """Ends the process and removes its files."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(BrokenPipeError):
                if pipe is not None:
                    pipe.close()
        self.process.wait()
        self.folder.cleanup()


@cache
def sessions_of(process_id: int) -> OrderedDict[str, Session]:
    """-> this process's own sessions by voice, the last used last: a pipe must not be shared with a fork."""
    del process_id
    sessions: OrderedDict[str, Session] = OrderedDict()
    atexit.register(close_sessions, sessions)
    return sessions


def close_sessions(sessions: OrderedDict[str, Session], keep: int = 0) -> None:
    """Ends all but the last used."""
    while len(sessions) > keep:
        sessions.popitem(last=False)[1].close()


@cache
def list_names() -> frozenset[str]:
    """-> the voices that festival has here; none where it is not installed."""
    if shutil.which(PROGRAM) is None:
        return frozenset()
    done = subprocess.run([PROGRAM, "--pipe"], input=b"(print (voice.list))", capture_output=True, check=False)
    return frozenset(done.stdout.decode("latin-1").replace("(", " ").replace(")", " ").split())


def speak(text: str, voice: str, *, stretch: float = 1.0) -> Take:
    """Text, a voice's name and a factor on all durations (statistical voices ignore it) -> the sentence."""
    family = FAMILY_OF[voice]
    sessions = sessions_of(os.getpid())
    session = sessions.get(voice) or Session()
    sessions[voice] = session
    sessions.move_to_end(voice)
    close_sessions(sessions, keep=MOST_PROCESSES)
    try:
        lines, path = session.say(voice, encode(text, family.encoding), stretch)
    except OSError:
        sessions.pop(voice).close()
        raise
    if lines and lines[-1] == FAULT:
        sessions.pop(voice).close()
        raise ValueError(f"festival's {voice} cannot say {text!r}: {' '.join(lines[:1])}")
    sound, rate_hz = soundfile.read(path, dtype="float32")
    return read_take(lines, family, sound, rate_hz)


def encode(text: str, encoding: str) -> bytes:
    """Text -> the bytes that a voice reads; what it cannot spell is refused."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFD", text.translate(PUNCTUATION)).replace(NUKTA, ""))
    try:
        return plain.encode(encoding)
    except UnicodeEncodeError as error:
        letter = plain[error.start]
        raise ValueError(f"expected letters of {encoding} for this voice, got {letter!r} in {text!r}") from None


def read_take(lines: list[str], family: Family, sound: Any, rate_hz: int) -> Take:
    """What the script printed -> the sentence."""
    rows = [line.split()[1:] for line in lines if line.startswith(PHONE)]
    unknown = {row[0] for row in rows} - family.alphabet.keys()
    assert not unknown, f"festival has phones without IPA: {unknown}"
    starts: list[tuple[float, str, int]] = []
    words: list[float] = []
    at_s, awaits_stress = 0.0, False
    for name, end, syllable_stress, place in rows:
        ipa = family.alphabet[name]
        if place == WORD_START:
            words.append(at_s)
            awaits_stress = family.first_stressed
        stress = 0
        if is_vowel(ipa):
            stress = int(awaits_stress or syllable_stress == "1")
            awaits_stress = False
        starts.append((at_s, ipa, stress))
        at_s = float(end)
    phones = chain(starts, len(sound) / rate_hz)
    return Take(sound, rate_hz, move_starts(phones, family.earlier_s), tuple(words))
