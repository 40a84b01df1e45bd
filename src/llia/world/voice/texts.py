"""A language and chance -> something to say in it."""

from __future__ import annotations

import numpy as np

from llia.world.voice import texts_english as english
from llia.world.voice import texts_foreign as foreign

GRAMMAR_SHARE = 0.5  # of what is said in English
EVERY_HELD_OUT = 6  # where no list is held out by hand, one sentence in so many is
MOST_SENTENCES = 4

TRAINING: dict[str, tuple[str, ...]] = {"en": english.SENTENCES, "it": foreign.ITALIAN, "ca": foreign.CATALAN}
HELD_OUT: dict[str, tuple[str, ...]] = {
    "en": english.HELD_OUT, "it": foreign.ITALIAN_HELD_OUT, "ca": foreign.CATALAN_HELD_OUT,
}  # fmt: skip
SPLIT_BY_PLACE: dict[str, tuple[str, ...]] = {
    "cs": foreign.CZECH, "ru": foreign.RUSSIAN, "fi": foreign.FINNISH, "hi": foreign.HINDI, "te": foreign.TELUGU,
    "mr": foreign.MARATHI, **foreign.MADE,
}  # fmt: skip
LANGUAGES: tuple[str, ...] = (*TRAINING, *SPLIT_BY_PLACE)


def sentences(language: str, *, held_out: bool = False) -> tuple[str, ...]:
    """A language -> its sentences, those for training or those kept from it."""
    listed = HELD_OUT if held_out else TRAINING
    if language in listed:
        return listed[language]
    if language not in SPLIT_BY_PLACE:
        raise ValueError(f"expected one of the languages {', '.join(LANGUAGES)}, got {language!r}")
    last = EVERY_HELD_OUT - 1
    return tuple(
        sentence
        for place, sentence in enumerate(SPLIT_BY_PLACE[language])
        if (place % EVERY_HELD_OUT == last) == held_out
    )


def draw_sentence(language: str, rng: np.random.Generator, *, held_out: bool = False) -> str:
    """A language and chance -> a sentence; half of the English ones are made by a grammar."""
    if language == "en" and rng.random() < GRAMMAR_SHARE:
        return make_sentence(rng, held_out=held_out)
    return pick(sentences(language, held_out=held_out), rng)


def draw_passage(language: str, rng: np.random.Generator, *, held_out: bool = False) -> tuple[str, ...]:
    """A language and chance -> one to four sentences."""
    number = int(rng.integers(1, MOST_SENTENCES + 1))
    return tuple(draw_sentence(language, rng, held_out=held_out) for _ in range(number))


def make_sentence(rng: np.random.Generator, *, held_out: bool = False) -> str:
    """Chance -> a sentence of the grammar; held-out ones have subject, verb, object and ending of their own."""
    rows = (english.WHO, english.DOES, english.WHAT, english.WHERE)
    if held_out:
        rows = (english.HELD_OUT_WHO, english.HELD_OUT_DOES, english.HELD_OUT_WHAT, english.HELD_OUT_WHERE)
    opener = pick(english.OPENERS, rng)
    who, *rest = (pick(row, rng) for row in rows)
    if opener and who.split()[0] not in english.NAMES:
        who = who[0].lower() + who[1:]
    return opener + " ".join((who, *rest)) + pick(english.CLOSERS, rng)


def pick(choices: tuple[str, ...], rng: np.random.Generator) -> str:
    """-> one of them, each as likely."""
    return choices[int(rng.integers(len(choices)))]
