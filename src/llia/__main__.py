"""The command line: arguments in, the work done by functions that are imported when their command is called."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from llia.commands.animate import animate
from llia.commands.bench import bench as bench_commands
from llia.commands.eval import measure
from llia.commands.export import export, quantise
from llia.commands.portrait import portrait
from llia.commands.train import STOPPED, train

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from llia.world.people.person import Person

LOOKS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
app = typer.Typer(
    name="llia", context_settings=LOOKS,
    no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, rich_markup_mode=None,
    help="One portrait and live sound -> a face that talks, listens and idles.",
)  # fmt: skip
world = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Synthetic people who talk, with exact truth.")
app.add_typer(world, name="world")
app.add_typer(portrait, name="portrait")
app.add_typer(measure, name="eval")
app.add_typer(bench_commands, name="bench")
app.command()(train)
app.command()(animate)
app.command()(export)
app.command()(quantise)

Changes = Annotated[
    list[str] | None, typer.Option("--set", help="Change a person by name, as skin.tone=3; may be given many times.")
]
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
LONGEST_FILM_S = 3600.0
StateName = Literal["speaking", "listening", "idle"]
Size = Annotated[int, typer.Option(min=32, max=2048, help="Side of a picture in pixels.")]


def tell_version(wanted: bool) -> None:
    from importlib.metadata import version

    if wanted:
        print("llia", version("llia"))
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", callback=tell_version, is_eager=True, help="Say which.")
    ] = False,
) -> None:
    """One portrait and live sound -> a face that talks, listens and idles."""


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
) -> None:
    """What is here, what is missing and how to get it.

    \b
    Example: llia doctor --json
    """
    from rich.console import Console

    from llia.doctor import examine, show, to_plain, works

    with Console(stderr=True).status("looking"):
        findings = examine()
    if as_json:
        print_json(to_plain(findings))
    else:
        show(findings, Console())
    if not works(findings):
        raise typer.Exit(1)


@world.command()
def head(
    source: Annotated[Path, typer.Argument(help="The head's source: an .npz, or a checkout of ICT-FaceKit.")],
    output: Annotated[Path | None, typer.Option("-o", help="Where to write; without it, into the package.")] = None,
) -> None:
    """Pack the head's source data into the small file that ships.

    \b
    Example: llia world head path/to/ICT-FaceKit -o head.npz
    """
    from llia.data.disk import check_place
    from llia.head.pack import pack_head

    place = output or Path(__file__).parent / "assets" / "head.npz"
    check_place(place, (".npz",))
    report = pack_head(source, place)
    print(f"{report.path}: {report.num_bytes / 1e6:.2f} MB, {report.num_vertices} vertices,", end=" ")
    print(f"{report.num_triangles} triangles; rms error in cm: mean {report.mean_rms_cm:.4f},", end=" ")
    print(f"identity {report.identity_rms_cm:.4f}, expressions {report.expression_rms_cm:.4f}")


@world.command()
def person(
    who: Annotated[str, typer.Argument(help="A number, a name (as maeve), or a person's .json.")],
    changes: Changes = None,
    output: Annotated[Path | None, typer.Option("-o", help="Write JSON there instead of printing it.")] = None,
    picture: Annotated[Path | None, typer.Option(help="Also take a picture, at ease.")] = None,
    size: Size = 512,
) -> None:
    """Cast a person by number, or read one from JSON; write JSON and a picture.

    \b
    Example: llia world person 7 --set skin.tone=8 --set hair.style=locs -o person.json --picture person.png
    """
    from llia.config import to_json
    from llia.data.disk import check_place, new_file

    if picture:
        check_place(picture, PICTURE_SUFFIXES)
    if output:
        check_place(output)
    somebody = cast_changed(who, changes)
    if output:
        with new_file(output) as file:
            file.write((json.dumps(to_json(somebody), indent=2) + "\n").encode())
    else:
        print_json(to_json(somebody))
    if picture:
        from llia.world.shoot.sheet import people_sheet

        save_picture(people_sheet([somebody], size_px=size, columns=1), picture)


@world.command()
def sheet(
    output: Annotated[Path, typer.Option("-o", help="The picture to write.")] = Path("sheet.png"),
    people: Annotated[
        int | None, typer.Option(min=1, max=1000, help="How many people; 12, 4 with --emotions, 1 with --visemes.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The first person's number.")] = 0,
    size: Size = 256,
    columns: Annotated[int | None, typer.Option(min=1, help="Pictures in a row; 4, 6 with --visemes.")] = None,
    changes: Changes = None,
    emotions: Annotated[bool, typer.Option("--emotions", help="A row a person, a column an emotion.")] = False,
    visemes: Annotated[bool, typer.Option("--visemes", help="Of each person the mouth in all its shapes.")] = False,
    styles: Annotated[bool, typer.Option("--styles", help="The first person in every hair style.")] = False,
) -> None:
    """Draw a contact sheet of people, emotions, mouths or hair styles.

    \b
    Example: llia world sheet --people 12 --columns 4 --set hair.style=braids -o sheet.png
    """
    if emotions + visemes + styles > 1:
        raise ValueError("expected one of --emotions, --visemes, --styles, got more; draw one sheet for each")
    from llia.data.disk import check_place

    check_place(output, PICTURE_SUFFIXES)
    from llia.world.shoot.sheet import emotion_sheet, people_sheet, style_sheet, viseme_sheet

    columns = columns or (6 if visemes else 4)
    people = people or (4 if emotions else 1 if visemes or styles else 12)
    cast = [cast_changed(seed + number, changes) for number in range(people)]
    if emotions:
        picture = emotion_sheet(cast, size_px=size)
    elif visemes:
        picture = viseme_sheet(cast, size_px=size, columns=columns)
    elif styles:
        picture = style_sheet(cast[0], size_px=size, columns=columns)
    else:
        picture = people_sheet(cast, size_px=size, columns=columns)
    save_picture(picture, output)
    print(output)


@world.command()
def film(
    output: Annotated[Path, typer.Option("-o", help="The mp4 to write.")] = Path("film.mp4"),
    text: Annotated[str | None, typer.Option(help="What the person says; without it, something drawn.")] = None,
    state: Annotated[StateName, typer.Option(help="What the person does.")] = "speaking",
    emotion: Annotated[list[str] | None, typer.Option(help="As happy=0.7; may be given more than once.")] = None,
    seed: Annotated[int, typer.Option(help="Which person, and how they move.")] = 0,
    person: Annotated[Path | None, typer.Option(help="The person as .json, instead of the seed's.")] = None,
    voice: Annotated[str | None, typer.Option(help="Name of a voice, as espeak:en-gb+f3.")] = None,
    seconds: Annotated[
        float | None, typer.Option(min=0.2, max=LONGEST_FILM_S, help="How long; without it, as long as the text.")
    ] = None,
    size: Size = 256,
    changes: Changes = None,
) -> None:
    """Film a person who speaks, listens or idles, with sound.

    \b
    Example: llia world film --text "Good morning." --emotion happy=0.7 --seed 3 -o film.mp4
    """
    from llia.config import State, parse_emotions
    from llia.data.disk import check_place

    check_place(output, (".mp4",))
    feeling = parse_emotions(emotion or [])
    from llia.world.shoot.film import make_film

    make_film(
        cast_changed(person or seed, changes), output, seed=seed, text=text, state=State[state.upper()],
        emotion=feeling, voice=voice, seconds=seconds, size_px=size,
    )  # fmt: skip
    print(output)


@world.command()
def say(
    text: Annotated[str, typer.Argument(help="What is said.")],
    output: Annotated[Path, typer.Option("-o", help="The FLAC to write.")] = Path("said.flac"),
    voice: Annotated[str, typer.Option(help="Name of a voice, as flite:slt.")] = "espeak:en-gb+f3",
) -> None:
    """Speak a text as people of the world do, into a file of 16 kHz.

    \b
    Example: llia world say "Good morning." --voice flite:slt -o said.flac
    """
    from llia.data.disk import check_place
    from llia.data.recordings import save_sound
    from llia.world.voice.speech import say

    check_place(output, (".flac",))
    save_sound(output, say(voice, text).sound)
    print(output)


@world.command()
def shards(
    hours: Annotated[float, typer.Option(min=0, help="How much film; with --stills, thousands of stills.")],
    out: Annotated[Path, typer.Option(help="The folder to fill; run again to go on.")],
    size: Size = 128,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
    seed: Annotated[int, typer.Option(help="Another seed, other people.")] = 0,
    stills: Annotated[bool, typer.Option("--stills", help="Many poses and framings a person, no sound.")] = False,
    tracks_only: Annotated[bool, typer.Option("--tracks-only", help="Sound and motion, no pictures.")] = False,
    held_out: Annotated[bool, typer.Option("--held-out", help="People and voices kept from training.")] = False,
) -> None:
    """Make training data: tar shards of film, sound and truth.

    Stop it when you like: the same command goes on from there. The same arguments and voices give the same bytes.

    \b
    Example: llia world shards --hours 1 --size 128 --workers 2 --out out/train
    """
    from llia.world.shoot.dataset import make_shards
    from llia.world.voice.voices import missing_voices

    if not stills and (absent := missing_voices()):
        print(f"llia: going on without voices that are not here: {', '.join(absent)}; see llia doctor", file=sys.stderr)
    try:
        made = make_shards(
            out, hours=hours, size_px=size, workers=workers, seed=seed, stills=stills, tracks_only=tracks_only,
            held_out=held_out,
        )  # fmt: skip
    except KeyboardInterrupt:
        print("llia: stopped; whole shards are kept, the same command goes on from there", file=sys.stderr)
        raise typer.Exit(STOPPED) from None
    print(f"{out}: {len(made)} {'shard' if len(made) == 1 else 'shards'}")


@world.command()
def bench(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
) -> None:
    """Measure the world's speed on one core.

    \b
    Example: llia world bench --json
    """
    from rich.console import Console

    from llia.world.shoot.bench import bench as measure
    from llia.world.shoot.bench import show

    speeds = measure()
    if as_json:
        print_json(speeds)
    else:
        show(speeds, Console())


def save_picture(pixels: NDArray[np.uint8], path: Path) -> None:
    from llia import config
    from llia.portrait import pictures

    pictures.save_picture(pixels, path, config.MARK)


def print_json(data: Any) -> None:
    print(json.dumps(data, indent=2))


def cast_changed(who: int | str | Path, changes: list[str] | None) -> Person:
    """A seed, a name of the troupe or a person's file, and texts like skin.tone=3 -> that person, changed."""
    from llia.config import adjust, parse_changes, read_record
    from llia.world.people.casting import cast
    from llia.world.people.person import Person
    from llia.world.people.troupe import TROUPE, cast_member

    text = str(who)
    members = {member.name.lower(): member for member in TROUPE}
    if text.lstrip("-").isdecimal():
        person = cast(int(text))
    elif text.endswith(".json"):
        person = read_record(Person, Path(text))
    elif text.lower() in members:
        person = cast_member(members[text.lower()])
    else:
        raise ValueError(f"expected a person's number or .json or one of {', '.join(members)}, got {text!r}")
    return adjust(person, parse_changes(changes or []))


def main() -> None:
    """Run a command; a fault of the world becomes one line and exit code 1 (all of it with LLIA_DEBUG=1)."""
    try:
        app()
    except (ImportError, OSError, ValueError) as error:
        from llia.doctor import explain, one_line

        advice = explain(error) if isinstance(error, ImportError) else one_line(error)
        if advice is None or os.environ.get("LLIA_DEBUG") == "1":
            raise
        sys.exit(f"llia: {advice}")


if __name__ == "__main__":
    main()
