"""Who can speak here: made voices (espeak-ng) and voices cut from real people (flite, festival)."""

from __future__ import annotations

import difflib
import logging
from dataclasses import dataclass
from functools import cache

import numpy as np

from llia.world.voice import espeak, festival, flite

LOG = logging.getLogger(__name__)
WOMAN, BOY, MAN = 0.9, 0.6, 0.1  # femininity; a boy's voice goes with women's faces
NEAR_NAMES = 5


@dataclass(frozen=True)
class Voice:
    """Someone who can speak. A person counts once by `speaker`, however many programs carry the voice."""

    name: str  # "espeak:en-gb+f3", "flite:rms", "festival:lp_diphone"
    language: str  # as texts.py names it: "en", "it"
    speaker: str
    femininity: float
    human: bool
    held_out: bool  # no training may hear this speaker

    @property
    def program(self) -> str:
        return self.name.partition(":")[0]

    @property
    def own_name(self) -> str:
        return self.name.partition(":")[2]


# espeak-ng's languages and accents: its code, the language of the texts.
ACCENTS: dict[str, str] = {
    "en-us": "en", "en-gb": "en", "en-gb-x-rp": "en", "en-gb-scotland": "en", "en-029": "en", "en-gb-x-gbclan": "en",
    "en-gb-x-gbcwmd": "en", "en-us-nyc": "en", "es": "es", "es-419": "es", "fr": "fr", "fr-be": "fr", "fr-ch": "fr",
    "de": "de", "it": "it", "pt": "pt", "pt-br": "pt", "nl": "nl", "pl": "pl", "sv": "sv", "nb": "nb", "da": "da",
    "fi": "fi", "tr": "tr", "hu": "hu", "el": "el", "ro": "ro", "uk": "uk", "id": "id", "cs": "cs", "ru": "ru",
    "hi": "hi", "te": "te", "mr": "mr", "ca": "ca",
}  # fmt: skip
# espeak-ng's speakers: spectra, pitches and manners that go with any language.
MEN: tuple[str, ...] = (
    "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "adam", "Michael", "Andy", "Denis", "Alex", "Mike", "Gene",
    "caleb", "boris", "ed", "iven", "john", "antonio", "benjamin", "david", "edward", "max", "pablo", "paul",
    "quincy", "rob", "robert", "travis", "victor", "zac", "marcelo", "sandro", "Hugo", "Diogo", "klatt2", "klatt3",
)  # fmt: skip
WOMEN: tuple[str, ...] = (
    "f1", "f2", "f3", "f4", "f5", "Andrea", "Annie", "Alicia", "belinda", "linda", "anika", "steph", "steph2",
    "steph3", "aunty", "shelby",
)  # fmt: skip

# Voices cut from real people: name, language, speaker, femininity, held out.
HUMANS: tuple[tuple[str, str, str, float, bool], ...] = (
    ("flite:slt", "en", "slt", WOMAN, True),
    ("flite:rms", "en", "rms", MAN, False),
    ("flite:awb", "en", "awb", MAN, False),
    ("flite:kal16", "en", "kal", MAN, False),
    ("festival:cmu_us_slt_arctic_hts", "en", "slt", WOMAN, True),
    ("festival:kal_diphone", "en", "kal", MAN, False),
    ("festival:ked_diphone", "en", "ked", MAN, False),
    ("festival:lp_diphone", "it", "lp", WOMAN, False),
    ("festival:pc_diphone", "it", "pc", MAN, True),
    ("festival:upc_ca_ona_hts", "ca", "ona", WOMAN, True),
    ("festival:czech_ph", "cs", "ph", MAN, False),
    ("festival:czech_machac", "cs", "machac", MAN, False),
    ("festival:czech_dita", "cs", "dita", WOMAN, False),
    ("festival:czech_krb", "cs", "krb", BOY, False),
    ("festival:msu_ru_nsh_clunits", "ru", "nsh", MAN, False),
    ("festival:suo_fi_lj_diphone", "fi", "lj", WOMAN, False),
    ("festival:hy_fi_mv_diphone", "fi", "mv", MAN, False),
    ("festival:hindi_NSK_diphone", "hi", "nsk", MAN, False),
    ("festival:telugu_NSK_diphone", "te", "nsk", MAN, False),
    ("festival:marathi_NSK_diphone", "mr", "nsk", MAN, False),
)  # fmt: skip


def list_known() -> tuple[Voice, ...]:
    """-> every voice that llia knows, installed or not."""
    made = [
        Voice(f"espeak:{accent}+{speaker}", language, f"espeak {speaker}", femininity, human=False, held_out=False)
        for accent, language in ACCENTS.items()
        for speakers, femininity in ((MEN, MAN), (WOMEN, WOMAN))
        for speaker in speakers
    ]
    human = [
        Voice(name, language, speaker, femininity, human=True, held_out=held_out)
        for name, language, speaker, femininity, held_out in HUMANS
    ]
    return (*made, *human)


def is_installed(voice: Voice) -> bool:
    """Can this voice speak on this machine?"""
    if voice.program == "espeak":
        accent, _, speaker = voice.own_name.partition("+")
        accents, speakers = espeak.list_names()
        return accent in accents and speaker in speakers
    return voice.own_name in (flite if voice.program == "flite" else festival).list_names()


@cache
def voices() -> tuple[Voice, ...]:
    """-> the voices that can speak on this machine; what is absent is said once, in the log."""
    known = list_known()
    here = tuple(voice for voice in known if is_installed(voice))
    if not here:
        raise OSError("expected a speaking program, found none; do `pip install espeakng-loader` or `make voices`")
    if len(here) < len(known):
        LOG.info("voices that are not installed: %s", ", ".join(missing_voices()))
    return here


def missing_voices() -> tuple[str, ...]:
    """-> names of the known voices that are not installed here; "espeak" stands for all of its own."""
    absent = [voice for voice in list_known() if not is_installed(voice)]
    if not any(espeak.list_names()):
        absent = [voice for voice in absent if voice.human]
        return ("espeak", *(voice.name for voice in absent))
    return tuple(voice.name for voice in absent)


def find_voice(name: str) -> Voice:
    """ "espeak:en-gb+f3" -> the voice; a name that nobody here has is answered with those near to it."""
    for voice in voices():
        if voice.name == name:
            return voice
    if name in missing_voices():
        raise ValueError(f"expected an installed voice, got {name!r} (known, not installed); do `make voices`")
    near = difflib.get_close_matches(name, [voice.name for voice in voices()], NEAR_NAMES, cutoff=0.3)
    hint = f"near to it: {', '.join(near)}" if near else "none is near to it; `llia doctor` tells who is here"
    raise ValueError(f"expected an installed voice, got {name!r}; {hint}")


def draw_voice(
    rng: np.random.Generator,
    *,
    femininity: float | None = None,
    held_out: bool = False,
    human_share: float = 0.5,
    language: str | None = None,
) -> Voice:
    """Chance -> a voice: a real speaker's in that share, each speaker as often as another; the rest is espeak-ng's.

    `held_out` keeps real speakers apart; espeak-ng's voices, which are nobody's, are heard by all.
    """
    fitting = [
        voice for voice in voices()
        if (voice.held_out == held_out or (held_out and not voice.human))
        and language in (None, voice.language)
        and (femininity is None or (voice.femininity > 1 / 2) == (femininity > 1 / 2))
    ]  # fmt: skip
    kinds = {human: [voice for voice in fitting if voice.human == human] for human in (True, False)}
    wants_human = bool(rng.random() < human_share)
    pool = kinds[wants_human] or kinds[not wants_human]
    if not pool:
        raise ValueError(f"expected a voice that fits, none of {len(voices())} does")
    speakers = sorted({voice.speaker for voice in pool})
    speaker = speakers[int(rng.integers(len(speakers)))]
    own = [voice for voice in pool if voice.speaker == speaker]
    languages = sorted({voice.language for voice in own})
    if len(own) > 1 and not own[0].human:  # half of what the made voices say is English
        language = "en" if rng.random() < 1 / 2 else languages[int(rng.integers(len(languages)))]
        own = [voice for voice in own if voice.language == language] or own
    return own[int(rng.integers(len(own)))]
