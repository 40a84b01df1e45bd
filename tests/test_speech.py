"""Voices: phones lie where the sound says, the same words give the same samples, absent programs are no disaster."""

from __future__ import annotations

import os
import signal
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from llia.world.acting import visemes
from llia.world.voice import alphabets, espeak, festival, flite, texts, timing
from llia.world.voice import voices as cast
from llia.world.voice.passage import PAUSE_S, draw_breath, say_passage
from llia.world.voice.phones import BREATH, PAUSE, Phone, chain, move_starts, split_stress
from llia.world.voice.speech import RATE_HZ, Utterance, Voice, draw_voice, find_voice, missing_voices, say, voices

PETER = "Peter wants a happy potato, and a puppy."
HUMANS = [voice for voice in cast.list_known() if voice.human]
SAMPLE_S = 1 / RATE_HZ


def need(voice: Voice) -> Voice:
    if not cast.is_installed(voice):
        pytest.skip(f"{voice.name} is not installed here (make voices)")
    return voice


def check_truth(spoken: Utterance) -> None:
    assert spoken.phones[0].start_s == 0
    assert spoken.phones[-1].end_s == pytest.approx(spoken.duration_s, abs=1e-9)
    assert all(before.end_s == after.start_s for before, after in pairwise(spoken.phones)), "a gap or an overlap"
    assert all(phone.end_s > phone.start_s for phone in spoken.phones)
    assert all(visemes.is_known(phone.ipa) for phone in spoken.phones)
    assert all(0 <= word_s <= spoken.duration_s for word_s in spoken.words)
    assert spoken.sound.dtype == np.float32
    assert np.abs(spoken.sound).max() < 1


def equal(one: Utterance, other: Utterance) -> bool:
    return np.array_equal(one.sound, other.sound) and one.phones == other.phones and one.words == other.words


# --- phones


def test_a_chain_has_no_gaps_and_marks_are_no_phones() -> None:
    phones = chain([(0.1, "p", 0), (0.2, "ʲ", 0), (0.2, "a", 1), (0.4, PAUSE, 0), (0.5, PAUSE, 0)], 0.6)
    assert [(p.start_s, p.end_s, p.ipa, p.stress) for p in phones] == [
        (0.0, 0.1, "", 0), (0.1, 0.2, "p", 0), (0.2, 0.4, "a", 1), (0.4, 0.6, "", 0),
    ]  # fmt: skip


def test_a_moved_start_takes_at_most_half_of_the_phone_before() -> None:
    phones = (Phone(0, 0.2, "a"), Phone(0.2, 0.3, "p"), Phone(0.3, 0.34, "i"), Phone(0.34, 0.4, "t"))
    moved = move_starts(phones, {"p": 0.043, "t": 0.043})
    assert [phone.start_s for phone in moved] == pytest.approx([0, 0.157, 0.3, 0.32])
    assert [phone.end_s for phone in moved] == pytest.approx([0.157, 0.3, 0.32, 0.4])


def test_stress_is_read_off() -> None:
    assert split_stress("ˈiː") == ("iː", 1)
    assert split_stress("ˌɛ") == ("ɛ", 2)
    assert split_stress("n") == ("n", 0)


def test_every_phone_of_every_table_has_a_mouth() -> None:
    tables = [family.alphabet for family in festival.FAMILY_OF.values()] + [alphabets.ARPABET]
    assert [ipa for table in tables for ipa in table.values() if not visemes.is_known(ipa)] == []


# --- espeak-ng


def test_espeak_says_the_same_whatever_it_said_before() -> None:
    second = int(time.time())
    alone = say("espeak:en-us+f3", PETER)
    say("espeak:de+m3", "Könntest du bitte das Fenster öffnen?", np.random.default_rng(5))
    say("espeak:en-us+klatt2", "Mm, no.")
    after = say("espeak:en-us+f3", PETER)
    espeak.worker().close()
    while int(time.time()) == second:  # espeak-ng would seed its noise by the second
        time.sleep(0.01)
    anew = say("espeak:en-us+f3", PETER)
    assert equal(alone, after)
    assert equal(alone, anew)


def test_espeak_follows_its_generator() -> None:
    first, again, other = (say("espeak:en-gb+m3", PETER, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert equal(first, again)
    assert not equal(first, other)


@pytest.mark.parametrize("accent", list(cast.ACCENTS))
def test_espeak_speaks_every_language_that_has_texts(accent: str) -> None:
    language = cast.ACCENTS[accent]
    for sentence in texts.sentences(language)[5:8]:
        check_truth(say(f"espeak:{accent}+f3", sentence))


def test_espeak_is_on_time() -> None:
    names = ("en-us+m1", "en-gb+f3", "de+m3", "es+Andrea")
    lines = {name: texts.sentences(find_voice(f"espeak:{name}").language) for name in names}
    found = timing.measure(say(f"espeak:{name}", line) for name in names for line in lines[name][-24:])
    assert abs(found["first sound"].median_ms) < 5
    assert abs(found["s noise begins"].median_ms) < 12
    assert abs(found["s noise ends"].median_ms) < 12
    assert found["p silence begins"].num >= 10
    assert abs(found["p silence begins"].median_ms) < 15, "lips must close when the sound stops, not 43 ms later"


def test_espeak_marks_stress() -> None:
    stressed = {phone.ipa for phone in say("espeak:en-us+m3", "A happy potato.").phones if phone.stress == 1}
    assert "æ" in stressed and "eɪ" in stressed and "ə" not in stressed


def test_an_espeak_without_stress_marks_stresses_first_vowels() -> None:
    events = [(0, "word", ""), (10, "phone", "h"), (20, "phone", "a"), (30, "phone", "i"), (40, "word", "")]
    starts, words = espeak.read_events([*events, (40, "phone", "u"), (50, "end", "")], 100)
    assert starts == [(0.1, "h", 0), (0.2, "a", 1), (0.3, "i", 0), (0.4, "u", 1), (0.5, PAUSE, 0)]
    assert words == [0.0, 0.4]
    assert split_stress("ˈε") == ("ɛ", 1)


def test_a_worker_that_died_is_started_again() -> None:
    before = say("espeak:en-us+f3", PETER)
    process = espeak.worker().process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    assert equal(say("espeak:en-us+f3", PETER), before)


def test_espeak_refuses_by_name() -> None:
    with pytest.raises(ValueError, match="no variant 'f33'"):
        espeak.speak("Hello.", "en-us+f33")
    with pytest.raises(ValueError, match="no language 'xx'"):
        espeak.speak("Hello.", "xx")
    with pytest.raises(ValueError, match="expected a text"):
        say("espeak:en-us+f3", "  ")


# --- who speaks


def test_an_unknown_voice_is_answered_with_near_ones() -> None:
    with pytest.raises(ValueError, match=r"got 'espeak:en-us\+f33'.*espeak:en-us\+f3\b"):
        find_voice("espeak:en-us+f33")


def test_training_hears_no_speaker_that_is_held_out() -> None:
    kept = {voice.speaker for voice in cast.list_known() if voice.held_out}
    assert kept == {"slt", "pc", "ona"}
    assert all(voice.held_out for voice in cast.list_known() if voice.speaker in kept)
    rng = np.random.default_rng(0)
    drawn = [draw_voice(rng) for _ in range(400)]
    assert not kept & {voice.speaker for voice in drawn}
    women = [draw_voice(rng, femininity=1.0) for _ in range(50)]
    assert min(voice.femininity for voice in women) > 1 / 2


def test_every_voice_has_texts_in_its_language() -> None:
    assert {voice.language for voice in cast.list_known()} <= set(texts.LANGUAGES)


def test_llia_speaks_without_flite_and_festival(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flite, "list_names", frozenset)
    monkeypatch.setattr(festival, "list_names", frozenset)
    voices.cache_clear()
    try:
        assert not any(voice.human for voice in voices())
        assert "flite:rms" in missing_voices() and "festival:lp_diphone" in missing_voices()
        assert not draw_voice(np.random.default_rng(0)).human
        with pytest.raises(ValueError, match="known, not installed"):
            find_voice("flite:rms")
    finally:
        voices.cache_clear()


# --- voices cut from real people


@pytest.mark.parametrize("voice", HUMANS, ids=lambda voice: voice.name)
def test_a_human_voice_has_truth_and_repeats_itself(voice: Voice) -> None:
    need(voice)
    lines = sorted(texts.sentences(voice.language)[:40], key=len)
    first = say(voice, lines[-1])
    say(voice, lines[-2])
    again = say(voice, lines[-1])
    check_truth(first)
    assert equal(first, again)
    assert sum(phone.is_sound for phone in first.phones) > 5
    assert any(phone.stress for phone in first.phones)


@pytest.mark.parametrize(
    "name", ["flite:rms", "festival:lp_diphone", "festival:czech_ph", "festival:hindi_NSK_diphone"]
)
def test_a_human_voice_is_on_time(name: str) -> None:
    voice = need(next(voice for voice in HUMANS if voice.name == name))
    lines = [line for line in texts.sentences(voice.language) if set("pPпप") & set(line)]
    found = timing.measure(say(voice, line) for line in lines[:16])
    closures = [spread for what, spread in found.items() if what.endswith("silence begins") and spread.num >= 3]
    assert closures
    assert all(abs(spread.median_ms) < 20 for spread in closures), found


def test_a_sound_that_flite_had_no_room_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    need(next(voice for voice in HUMANS if voice.name == "flite:rms"))
    read = soundfile.read

    def read_half(path: Path, **options: str) -> tuple[NDArray[np.float32], int]:
        sound, rate_hz = read(path, **options)
        return sound[: len(sound) // 2], rate_hz

    monkeypatch.setattr(soundfile, "read", read_half)
    with pytest.raises(OSError, match="make room"):
        flite.speak(PETER, "rms")


def test_festival_names_what_it_cannot_spell() -> None:
    need(find_voice("festival:lp_diphone") if "lp_diphone" in festival.list_names() else HUMANS[7])
    with pytest.raises(ValueError, match="expected letters of latin-1"):
        festival.speak("Привет", "lp_diphone")


def test_festival_goes_on_after_a_fault() -> None:
    need(next(voice for voice in HUMANS if voice.own_name == "lp_diphone"))
    before = say("festival:lp_diphone", "Papà prepara la pasta.")
    festival.sessions_of(os.getpid())["lp_diphone"].process.kill()
    with pytest.raises(OSError, match="festival ended"):
        say("festival:lp_diphone", "Papà prepara la pasta.")
    assert equal(say("festival:lp_diphone", "Papà prepara la pasta."), before)


# --- passages


def test_a_passage_has_natural_pauses_and_breaths() -> None:
    rng = np.random.default_rng(3)
    pauses: list[float] = []
    breaths = 0
    for _ in range(8):
        spoken = say_passage("espeak:en-gb+f2", texts.draw_passage("en", rng), rng)
        check_truth(spoken)
        assert not any(before.ipa == after.ipa == PAUSE for before, after in pairwise(spoken.phones))
        for phone in spoken.phones:
            cut = spoken.sound[int(phone.start_s * RATE_HZ) : int(phone.end_s * RATE_HZ)]
            if phone.ipa == BREATH:
                breaths += 1
                assert 0.24 < phone.end_s - phone.start_s < 0.46
                assert 0.001 < np.sqrt((cut**2).mean()) < 0.02, "a breath is audible and soft"
            elif phone.ipa == PAUSE:
                pauses.append(phone.end_s - phone.start_s)
    assert breaths > 2
    assert max(pauses) < PAUSE_S[1] + 0.15


def test_a_passage_repeats_itself_and_knows_its_words() -> None:
    lines = ("Well, maybe.", "Papa put the map below the lamp.")
    first, again = (say_passage("espeak:en-us+m3", lines, np.random.default_rng(4)) for _ in range(2))
    assert equal(first, again)
    assert first.text == " ".join(lines)
    assert len(first.words) >= 8
    assert list(first.words) == sorted(first.words)


def test_a_breath_is_noise_of_a_throat() -> None:
    breath = draw_breath(find_voice("espeak:en-us+m3"), 0.4, np.random.default_rng(0))
    power = np.abs(np.fft.rfft(breath)) ** 2
    hertz = np.fft.rfftfreq(len(breath), SAMPLE_S)
    assert power[hertz < 200].sum() < 0.05 * power.sum()
    assert power[(hertz > 400) & (hertz < 4500)].sum() > 0.7 * power.sum()
    assert np.abs(breath[:20]).max() < 0.1 * np.abs(breath).max()


# --- texts


def test_texts_are_many_and_held_out_ones_are_apart() -> None:
    assert len(texts.sentences("en")) >= 250
    for language in texts.LANGUAGES:
        training, held_out = texts.sentences(language), texts.sentences(language, held_out=True)
        assert not set(training) & set(held_out)
        assert len(set(training)) == len(training) >= 8 and held_out
    for language in {voice.language for voice in HUMANS}:
        assert len(texts.sentences(language)) >= 25, language
    rng = np.random.default_rng(0)
    assert len({texts.make_sentence(rng) for _ in range(1000)}) > 990
    assert len({texts.make_sentence(rng, held_out=True) for _ in range(200)}) > 150
    with pytest.raises(ValueError, match="expected one of the languages"):
        texts.sentences("xx")
