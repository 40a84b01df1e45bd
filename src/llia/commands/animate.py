"""`llia animate`: arguments in, the work done by functions that are imported when the command is called."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from llia.commands.portrait import AsIs, Box, Engine, Quiet, face_place, receive, warn

if TYPE_CHECKING:
    from llia.codec import Appearance, Codec
    from llia.head.motion import Motion
    from llia.progress import Tally
    from llia.stream.film import Scene
    from llia.stream.stage import Stage

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")

State = Literal["auto", "speaking", "listening", "idle"]


def animate(
    portrait: Annotated[str, typer.Argument(help="Any picture of a face, or the name of a portrait that ships.")],
    sound: Annotated[Path | None, typer.Argument(help="What it says: any file with sound.")] = None,
    output: Annotated[Path | None, typer.Option("-o", help="The mp4 to write; with --preview a picture.")] = None,
    other: Annotated[Path | None, typer.Option(help="Whom it listens to: another file with sound.")] = None,
    state: Annotated[State, typer.Option(help="What it does; on its own, whoever is heard decides.")] = "auto",
    emotion: Annotated[list[str] | None, typer.Option(help="As happy=0.7; may be given more than once.")] = None,
    liveliness: Annotated[
        float | None, typer.Option(min=0.2, max=4, help="How much the head moves; 1 is usual.")
    ] = None,
    size: Annotated[Literal["256", "384", "512"], typer.Option(help="Side of the film in pixels.")] = "256",
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other blinks, glances and nods.")] = 0,
    steps: Annotated[int, typer.Option(min=1, max=8, help="Looks at each clip; one is what it learned.")] = 1,
    preview: Annotated[bool, typer.Option("--preview", help="Only a sheet of 24 frames, in seconds.")] = False,
    drive_head: Annotated[Path | None, typer.Option(help="A film of a face, whose head this one follows.")] = None,
    motion_out: Annotated[
        Path | None, typer.Option(help="Write the motion too, as .csv (Live Link Face) or .json.")
    ] = None,
    graphs: Annotated[Path | None, typer.Option(help="Where graphs (or, with torch, weights) lie.")] = None,
    preset: Annotated[Literal["live", "mini"], typer.Option(help="Of the networks between sound and motion.")] = "live",
    engine: Engine = "openvino",
    threads: Annotated[int, typer.Option(min=1, help="Frames painted at once.")] = 2,
    use_as_is: AsIs = False,
    box: Box = None,
    quiet: Quiet = False,
) -> None:
    """One portrait and sound -> a film of it that talks, listens or idles.

    \b
    Example: llia animate photo.jpg speech.wav --emotion happy=0.5 -o out.mp4
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is imported; the fit's systems are small
    from llia import config
    from llia.data.disk import check_place
    from llia.stream.film import MOTION_WRITERS, Scene
    from llia.stream.session import Direction
    from llia.stream.stage import open_stage

    output = output or Path("animated.png" if preview else "animated.mp4")
    check_place(output, PICTURE_SUFFIXES if preview else (".mp4",))
    if motion_out:
        check_place(motion_out, tuple(MOTION_WRITERS))
    place = face_place(box, use_as_is=use_as_is)
    if sound is None and other is None:
        raise ValueError("expected a sound that the portrait says, or --other SOUND to listen to, got neither")
    direction = Direction(
        state=None if state == "auto" else config.State[state.upper()],
        emotion=config.parse_emotions(emotion or []),
        liveliness=liveliness,
        num_steps=steps,
    )
    scene = Scene(sound, other, direction, seed)
    seconds = scene.seconds  # finds out early whether there is sound to read
    opened = receive(Path(portrait), quiet=quiet)
    stage = open_stage(int(size), graphs, preset, threads, engine)
    appearance = stage.codec.portray(opened.pixels, place)
    warn([*opened.notes, *appearance.warnings], quiet=quiet)
    if drive_head:
        scene = replace(scene, led=head_of(drive_head, stage.codec, appearance, quiet=quiet))
    write(stage, appearance, scene, output, motion_out, seconds, preview=preview)


def head_of(video: Path, codec: Codec, appearance: Appearance, *, quiet: bool) -> Motion:
    """A film of a face -> motion of the portrait whose head turns and shifts as in it, [T 66]."""
    from llia.portrait.drive import carry_over, read_performance

    filmed = read_performance(video, codec.sights)
    warn([f"in the video, {warning}" for warning in filmed.warnings], quiet=quiet)
    return carry_over(filmed.motion, appearance.likeness.motion, absolute=False)


def write(
    stage: Stage, appearance: Appearance, scene: Scene, output: Path, motion_out: Path | None, seconds: float | None, *,
    preview: bool,
) -> None:  # fmt: skip
    """All that is needed -> the film or the sheet, the motion where it is wanted, and a line about them."""
    import numpy as np

    from llia.config import Clock
    from llia.data.disk import new_file
    from llia.portrait.pictures import save_picture
    from llia.progress import progress
    from llia.stream.film import MOTION_WRITERS, film_scene, play, sheet_of

    kept: list[Motion] = []
    painters = stage.decoders(appearance)
    fps, start = Clock().frames_per_second, time.monotonic()
    total = None if seconds is None else round(seconds * fps)
    with progress("moving" if preview else "painting", "frames", total) as tally:
        motions = counted(play(stage.players, appearance, scene), tally, kept)
        if preview:
            save_picture(sheet_of(list(motions), painters), output)
        else:
            film_scene(motions, painters, scene, output)
    if motion_out:
        with new_file(motion_out) as file:
            file.write(MOTION_WRITERS[motion_out.suffix.lower()](np.stack(kept)).encode())
        print(motion_out)
    took = time.monotonic() - start
    print(f"{output}: {len(kept) / fps:.1f} s in {took:.1f} s, {len(kept) / took:.0f} frames a second")


def counted(motions: Iterable[Motion], tally: Tally, kept: list[Motion]) -> Iterator[Motion]:
    """-> the same motion, counted and kept."""
    for motion in motions:
        kept.append(motion)
        tally.advance()
        yield motion
