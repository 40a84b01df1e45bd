"""`llia portrait`: arguments in, the work done by functions that are imported when their command is called."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from llia.codec import Codec
    from llia.portrait.pictures import Opened

portrait = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="One picture of a face -> that face, moving.")

RIGHTS = (
    "llia: move a face only if it is your own, of somebody who agreed, or of nobody; what is made is marked as such. "
    "(--quiet or LLIA_CONSENT=1 leaves this line out.)"
)
SIZES = Literal["256", "384", "512"]

PORTRAITS = Path(__file__).parent.parent / "assets" / "portraits"
Source = Annotated[Path, typer.Argument(help="Any picture of a face, or the name of one that ships.")]
Size = Annotated[SIZES, typer.Option(help="Side of the moving square in pixels.")]
Graphs = Annotated[Path | None, typer.Option(help="Where the networks' graphs lie; without it, those that ship.")]
Threads = Annotated[int, typer.Option(min=1, help="Cores for the networks.")]
Engine = Annotated[Literal["openvino", "torch"], typer.Option(help="Torch runs weights, to compare.")]
AsIs = Annotated[bool, typer.Option("--use-as-is", help="Refuse nothing; the face stands where --box says.")]
Box = Annotated[str | None, typer.Option(help="Left, top and side of the face in pixels, as 120,80,200.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing that is not an error.")]


@portrait.callback()
def start() -> None:
    """One picture of a face -> that face, moving."""
    # The fit solves many small systems: more threads than one only wait for each other. Read when numpy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@portrait.command()
def look(
    picture: Source,
    output: Annotated[Path | None, typer.Option("-o", help="Draw there what was seen.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a sentence.")] = False,
    use_as_is: AsIs = False,
    box: Box = None,
    graphs: Graphs = None,
    engine: Engine = "openvino",
    threads: Threads = 2,
) -> None:
    """What is seen in a picture: the face, its landmarks, the head fitted to it. Exit code 1 where it cannot be used.

    Example: llia portrait look photo.jpg -o look.png --json
    """
    from llia.data.disk import check_place
    from llia.portrait.draw import draw_look
    from llia.portrait.pictures import SUFFIXES, save_picture

    if output:
        check_place(output, SUFFIXES)
    place = face_place(box, use_as_is=use_as_is)
    start = time.perf_counter()
    try:
        opened = receive(picture, quiet=True)
    except (OSError, ValueError) as error:
        if not as_json:
            raise
        print(json.dumps({"found": False, "certainty": 0.0, "faces": 0, "why": str(error)}, indent=2))
        raise typer.Exit(1) from None
    opened_ms = 1000 * (time.perf_counter() - start)
    seen = open_networks(256, graphs, engine, threads).look(opened.pixels, place)
    if output:
        save_picture(draw_look(opened.pixels, seen), output)
    plain = seen.to_plain()
    plain["warnings"], plain["ms"] = [*opened.notes, *plain["warnings"]], {"open": round(opened_ms, 1)} | plain["ms"]
    if as_json:
        print(json.dumps(plain, indent=2))
    else:
        told = f"one of {seen.num_faces} faces" if seen.num_faces > 1 else "a face"
        print(seen.why or f"{told}, certainty {plain['certainty']:.2f}, residual {100 * plain['residual']:.2f} %")
        warn(plain["warnings"], quiet=False)
    if not seen.found:
        raise typer.Exit(1)


@portrait.command()
def pose(
    picture: Source,
    output: Annotated[Path, typer.Option("-o", help="The picture to write.")] = Path("posed.png"),
    changes: Annotated[
        list[str] | None, typer.Option("--set", help="As jawOpen=0.5 or head.yaw=0.2; may be given many times.")
    ] = None,
    emotion: Annotated[list[str] | None, typer.Option(help="As happy=0.7; may be given more than once.")] = None,
    sheet: Annotated[bool, typer.Option("--sheet", help="Some 20 feelings, mouth shapes and turns instead.")] = False,
    size: Size = "256",
    use_as_is: AsIs = False,
    box: Box = None,
    graphs: Graphs = None,
    engine: Engine = "openvino",
    threads: Threads = 2,
    quiet: Quiet = False,
) -> None:
    """One picture of the face in another expression and pose. Angles are radians, shifts cm; left is the person's own.

    Example: llia portrait pose photo.jpg --set jawOpen=0.5 --set head.yaw=0.2 --emotion happy=0.7 -o out.png
    """
    from llia.config import parse_changes, parse_emotions
    from llia.data.disk import check_place
    from llia.head.motion import rest
    from llia.portrait.edit import express, set_named
    from llia.portrait.pictures import SUFFIXES, save_picture
    from llia.portrait.sheet import pose_sheet

    check_place(output, SUFFIXES)
    feelings, values = parse_emotions(emotion or []), parse_changes(changes or [])
    if sheet and (feelings or values):
        raise ValueError("expected either --sheet or --set and --emotion, got both; leave one out")
    set_named(rest(), values)  # refuses wrong names and numbers before the work
    place = face_place(box, use_as_is=use_as_is)
    opened = receive(picture, quiet=quiet)
    codec = open_networks(int(size), graphs, engine, threads)
    appearance = codec.portray(opened.pixels, place)
    warn([*opened.notes, *appearance.warnings], quiet=quiet)
    motion = appearance.likeness.motion
    if sheet:
        save_picture(pose_sheet(appearance.picture, motion, lambda one: codec.decode(one, appearance)), output)
    else:
        motion = set_named(express(motion, feelings), values)
        save_picture(codec.decode(motion, appearance), output)
    print(output)


@portrait.command()
def drive(
    picture: Source,
    video: Annotated[Path | None, typer.Argument(help="A film of one face, whose motion is taken.")] = None,
    output: Annotated[Path, typer.Option("-o", help="The mp4 to write.")] = Path("driven.mp4"),
    motion: Annotated[
        Path | None, typer.Option(help="Instead of a video: ARKit weights as .csv (Live Link Face) or .json.")
    ] = None,
    absolute: Annotated[
        bool, typer.Option("--absolute", help="Take the motion as it is, not as changes since its first frame.")
    ] = False,
    paste_back: Annotated[
        bool, typer.Option("--paste-back", help="Put the moving face back into the whole picture.")
    ] = False,
    size: Annotated[
        SIZES | None, typer.Option(help="Side of the moving square in pixels; 256, with --paste-back 512.")
    ] = None,
    use_as_is: AsIs = False,
    box: Box = None,
    graphs: Graphs = None,
    engine: Engine = "openvino",
    threads: Threads = 2,
    quiet: Quiet = False,
) -> None:
    """The motion of a filmed face on the face of a picture, with the video's sound.

    Example: llia portrait drive photo.jpg talk.mp4 -o out.mp4
    """
    from llia.data.disk import check_place
    from llia.data.films import num_frames_of, read_sound
    from llia.head.arkit import read_motion
    from llia.portrait.drive import carry_over, film_motion, read_performance

    if (video is None) == (motion is None):
        raise ValueError("expected a video or --motion FILE, got both or neither; give one of them")
    check_place(output, (".mp4",))
    performed, sound = None if motion is None else read_motion(motion), None
    if video is not None:
        num_frames_of(video)  # refuses what is no video before the work
    place = face_place(box, use_as_is=use_as_is)
    opened = receive(picture, quiet=quiet)
    codec = open_networks(int(size or ("512" if paste_back else "256")), graphs, engine, threads)
    whole = None
    if paste_back:
        appearance, whole = codec.portray_whole(opened.pixels, place)
    else:
        appearance = codec.portray(opened.pixels, place)
    warn([*opened.notes, *appearance.warnings], quiet=quiet)
    if performed is None:
        assert video is not None
        filmed = read_performance(video, codec.sights)
        warn([f"in the video, {warning}" for warning in filmed.warnings], quiet=quiet)
        performed, sound = filmed.motion, read_sound(video)
    motions = carry_over(performed, appearance.likeness.motion, absolute=absolute)
    film_motion(motions, lambda one: codec.decode(one, appearance), output, sound, whole)
    print(output)


def face_place(box: str | None, *, use_as_is: bool) -> tuple[float, float, float] | None:
    """--box -> left, top and side; None where the face is to be found."""
    if (box is not None) != use_as_is:
        raise ValueError("expected --use-as-is and --box together, got one of them; give both or neither")
    if box is None:
        return None
    try:
        left, top, side = (float(part) for part in box.split(","))
    except ValueError:
        raise ValueError(f"expected --box as left,top,side in pixels, for example 120,80,200, got {box!r}") from None
    return left, top, side


def receive(picture: Path, *, quiet: bool) -> Opened:
    """A picture file, or the name of a portrait that ships -> its pixels, after a line on the right to use a face."""
    from llia.portrait.pictures import open_picture

    shipped = {path.stem: path for path in sorted(PORTRAITS.glob("*.jpg"))}
    if not picture.is_file() and picture.name == str(picture) and not picture.suffix:
        if picture.name not in shipped:
            raise FileNotFoundError(f"expected a picture, or one of {', '.join(shipped)}, got {picture.name!r}")
        return open_picture(shipped[picture.name])  # of nobody: no right to ask for
    opened = open_picture(picture)
    if not quiet and os.environ.get("LLIA_CONSENT") != "1":
        print(RIGHTS, file=sys.stderr)
    return opened


def warn(warnings: list[str], *, quiet: bool) -> None:
    for warning in warnings:
        if not quiet:
            print(f"llia: {warning}", file=sys.stderr)


def open_networks(size_px: int, graphs: Path | None, engine: Literal["openvino", "torch"], threads: int) -> Codec:
    from llia.codec import open_codec

    return open_codec(size_px, engine, threads, graphs)
