"""`llia eval`: arguments in, the work done by functions that are imported when their command is called."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from llia.eval.motion import Results

measure = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


Performers = Annotated[Path | None, typer.Option(help="A performer's weights, or a folder of stages; not what ships.")]
FromNoise = Annotated[bool, typer.Option("--from-noise", help="Begin clips from noise alone, not from the last one.")]
Seed = Annotated[int, typer.Option(min=0, max=999, help="Another seed, other people and other chance.")]
Threads = Annotated[int, typer.Option(min=1, help="Cores for the networks.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")]
PortraitWeights = Annotated[Path | None, typer.Option(help="For pictures: a folder of sight, painter, judge.")]

NUM_PEOPLE, NUM_PAINTED = 40, 8


@measure.callback(invoke_without_command=True)
def motion_whole(
    context: typer.Context,
    as_json: AsJson = False,
    seed: Seed = 0,
    weights: Performers = None,
    portrait_weights: PortraitWeights = None,
) -> None:
    """Measure what was trained, on people kept apart.

    With options but no command: the motion of 40 people for 30 s each, eight of them painted.

    Example: llia eval --json
    """
    if context.invoked_subcommand is None:
        motion(as_json, NUM_PEOPLE, seed=seed, weights=weights, pictures=NUM_PAINTED, portrait_weights=portrait_weights)
    elif as_json or seed or weights or portrait_weights:
        raise ValueError(f"expected options behind the command; do `llia eval {context.invoked_subcommand} --help`")


@measure.command()
def portrait(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
    people: Annotated[int, typer.Option(min=1, help="How many; four pictures of each, a film of every fifth.")] = 125,
    seed: Annotated[int, typer.Option(min=0, max=999, help="Another seed, other people.")] = 0,
    weights: Annotated[Path | None, typer.Option(help="A folder of weights in training, not what ships.")] = None,
    picture: Annotated[Path | None, typer.Option(help="Also write a PNG of the worst cases.")] = None,
    engine: Annotated[Literal["openvino", "torch"], typer.Option(help="Torch runs weights, to compare.")] = "openvino",
) -> None:
    """Measure sight, fit and painter on held-out people of the world, beside what was asked for.

    Example: llia eval portrait --people 125 --seed 0 --json
    """
    from rich.console import Console

    from llia.data.disk import check_place, new_file
    from llia.eval.portrait import evaluate
    from llia.eval.report import PORTRAIT, show, to_plain
    from llia.portrait.pictures import encode_picture

    if picture:
        check_place(picture, (".png",))
    results = evaluate(weights, people, seed, engine)
    if picture:
        with new_file(picture) as file:
            file.write(encode_picture(results.worst, ".png"))
    if as_json:
        plain = to_plain(results.figures, PORTRAIT, people=people, seed=seed, missing=list(results.missing))
        print(json.dumps(plain, indent=2))
    else:
        show(results.figures, PORTRAIT, Console())
        for what in results.missing:
            print(what)


@measure.command()
def sheets(
    output: Annotated[Path, typer.Option("-o", help="The folder to write into.")] = Path("sheets"),
    people: Annotated[int, typer.Option(min=0, help="How many are posed.")] = 24,
    talks: Annotated[int, typer.Option(min=0, help="How many of them talk.")] = 12,
    seconds: Annotated[float, typer.Option(min=1, max=60, help="How long each.")] = 6.0,
    seed: Annotated[int, typer.Option(min=0, max=999, help="Another seed, other people.")] = 0,
    size: Annotated[Literal["256", "384", "512"], typer.Option(help="Side of a picture in pixels.")] = "256",
    weights: Annotated[Path | None, typer.Option(help="A folder of weights in training, not what ships.")] = None,
    engine: Annotated[Literal["openvino", "torch"], typer.Option(help="Torch runs weights, to compare.")] = "openvino",
) -> None:
    """Draw what no number shows: held-out people in many poses, and in talk with sound, painted beside the truth.

    Example: llia eval sheets --people 24 --talks 12 -o sheets
    """
    from llia.codec import Codec
    from llia.eval.networks import load_networks
    from llia.eval.sheets import write_sheets, write_talks

    networks = load_networks(weights, int(size), engine)
    if networks.painters is None:
        raise ValueError(f"expected a painter for {size} px in {weights or 'what ships'}, found none; train or export")
    codec = Codec(int(size), networks.sights, networks.painters)
    output.mkdir(parents=True, exist_ok=True)
    for path in write_sheets(codec, output, people, seed):
        print(path)
    for path in write_talks(codec, output, talks, seconds, seed):
        print(path)


@measure.command()
def motion(
    as_json: AsJson = False,
    people: Annotated[
        int, typer.Option(min=1, help="How many perform; more of them, less chance in the rates.")
    ] = NUM_PEOPLE,
    seconds: Annotated[float, typer.Option(min=5, max=600, help="How long each.")] = 30.0,
    seed: Seed = 0,
    weights: Performers = None,
    from_noise: FromNoise = False,
    reflex: Annotated[
        list[str] | None,
        typer.Option(help="Lay over as much: gaze.0=0.5 (0 speaking, 1 listening, 2 idle)."),
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Only what was learned, nothing laid over by chance.")] = False,
    by_voice: Annotated[bool, typer.Option("--by-voice", help="Voices tell the states, not the truth.")] = False,
    voices: Annotated[Path | None, typer.Option(help="The folder of kept speakers; found in a checkout.")] = None,
    pictures: Annotated[int, typer.Option(min=0, help="So many of the people are painted and judged too.")] = 0,
    portrait_weights: PortraitWeights = None,
    picture: Annotated[Path | None, typer.Option(help="Also write a PNG of curves, made and true.")] = None,
    threads: Threads = 1,
) -> None:
    """Measure the motion that a performer makes of held-out sound, beside the truth and what was asked for.

    Example: llia eval motion --people 40 --pictures 8 --seed 0 --json
    """
    from llia.config import adjust, parse_changes
    from llia.data.disk import check_place, new_file
    from llia.eval.motion import Exam, evaluate, find_kept
    from llia.eval.motion_reflexes import enlivened
    from llia.eval.networks import load_networks
    from llia.eval.rollout import EDITING, FROM_NOISE
    from llia.eval.subjects import SIZE_PX
    from llia.portrait.pictures import encode_picture
    from llia.stream.reflexes import OFF, SHARES
    from llia.train.curriculum import open_performers

    if picture:
        check_place(picture, (".png",))
    networks = load_networks(portrait_weights, SIZE_PX) if pictures else None
    student, teacher = open_performers(weights, threads)
    student = enlivened(student, OFF if plain else adjust(SHARES, parse_changes(reflex or [])))
    exam = Exam(
        student, teacher, FROM_NOISE if from_noise else EDITING, seed, people, seconds, by_voice,
        voices or find_kept(), networks, pictures,
    )  # fmt: skip
    results = evaluate(exam)
    if picture:
        from llia.eval.motion_plot import plot

        with new_file(picture) as file:
            file.write(encode_picture(plot(results.made, results.scenes), ".png"))
    tell_motion(results, {"people": people, "seconds": seconds, "seed": seed}, as_json=as_json)


def tell_motion(results: Results, about: dict[str, Any], *, as_json: bool) -> None:
    """Prints what was measured, and of what."""
    from rich.console import Console

    from llia.eval.motion_figures import LEAST
    from llia.eval.report import MOTION, show, show_chance, to_plain

    if as_json:
        print(json.dumps(to_plain(results.figures, MOTION, **about, missing=list(results.missing)), indent=2))
        return
    console = Console()
    show(results.figures, MOTION, console)
    show_chance(results.figures, LEAST, console)
    for what in results.missing:
        print(what)


@measure.command()
def emotion(
    as_json: AsJson = False,
    people: Annotated[int, typer.Option(min=1, help="How many speak.")] = 12,
    seconds: Annotated[float, typer.Option(min=5, max=600, help="How long each.")] = 16.0,
    seed: Seed = 0,
    weights: Performers = None,
    from_noise: FromNoise = False,
    threads: Threads = 1,
) -> None:
    """Measure how much of each feeling is in speech when it is asked for: told to the performer, shown in its portrait,
    or both. A full expression reads 1.

    Example: llia eval emotion --people 12 --json
    """
    from rich.console import Console

    from llia.eval.motion import LONGEST
    from llia.eval.motion_dials import ASKINGS, NUM_FEELING_ROLLS, describe_feelings, read_feelings, speech_of, tabulate
    from llia.eval.motion_subjects import draw_scenes
    from llia.eval.rollout import EDITING, FROM_NOISE, counted
    from llia.progress import progress
    from llia.train.curriculum import open_performers

    student, _ = open_performers(weights, threads)
    scenes, way = draw_scenes(seed, people, seconds), FROM_NOISE if from_noise else EDITING
    with progress("performing", "roll-outs", len(ASKINGS) * NUM_FEELING_ROLLS) as tally:
        speak = partial(speech_of, counted(student, tally), way, LONGEST, seed)
        readings = {name: read_feelings(speak, scenes, how) for name, how in ASKINGS.items()}
    if as_json:
        told = {name: describe_feelings(one) for name, one in readings.items()}
        print(json.dumps(told | {"people": people, "seconds": seconds, "seed": seed}, indent=2))
    else:
        Console().print(tabulate(readings))
