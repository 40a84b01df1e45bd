"""The command line: arguments in, the work done by functions that are imported when their command is called."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from llia.world.person import Person

app = typer.Typer(
    name="llia", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, rich_markup_mode=None,
    help="One portrait and live sound -> a face that talks, listens and idles. In the making: see the README.",
)  # fmt: skip
world = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Synthetic people who talk, with exact truth.")
app.add_typer(world, name="world")

Changes = Annotated[
    list[str] | None, typer.Option("--set", help="Change a person by name, as skin.tone=3; may be given many times.")
]
Size = Annotated[int, typer.Option(min=32, max=2048, help="Side of a picture in pixels.")]


@app.callback()
def about() -> None:
    """One portrait and live sound -> a face that talks, listens and idles. In the making: see the README."""


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
) -> None:
    """What is here, what is missing, what it would give and how to get it.

    Example: llia doctor --json
    """
    from rich.console import Console

    from llia.doctor import examine, show, to_plain, works

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

    Example: llia world head path/to/ICT-FaceKit -o head.npz
    """
    from llia.head.pack import pack_head

    report = pack_head(source, output or Path(__file__).parent / "assets" / "head.npz")
    print(f"{report.path}: {report.num_bytes / 1e6:.2f} MB, {report.num_vertices} vertices,", end=" ")
    print(f"{report.num_triangles} triangles; rms error in cm: mean {report.mean_rms_cm:.4f},", end=" ")
    print(f"identity {report.identity_rms_cm:.4f}, expressions {report.expression_rms_cm:.4f}")


@world.command()
def person(
    seed: Annotated[int, typer.Argument(help="Which person; the same number is always the same one.")],
    changes: Changes = None,
    output: Annotated[Path | None, typer.Option("-o", help="Write JSON there instead of printing it.")] = None,
    picture: Annotated[Path | None, typer.Option(help="Also take a picture, at rest.")] = None,
    size: Size = 512,
) -> None:
    """Cast a person by number, changed as you like; as JSON, and as a picture if wished.

    Example: llia world person 7 --set skin.tone=8 --set hair.style=locs -o person.json --picture person.png
    """
    from llia.config import to_json, write_record

    who = cast_changed(seed, changes)
    if output:
        write_record(who, output)
    else:
        print_json(to_json(who))
    if picture:
        from llia.head.motion import rest
        from llia.world.body import build
        from llia.world.film import Studio

        save_picture(Studio(build(who), size).shoot(rest()), picture)


def save_picture(pixels: NDArray[np.uint8], path: Path) -> None:
    from PIL import Image

    Image.fromarray(pixels).save(path)


def print_json(data: Any) -> None:
    import json

    print(json.dumps(data, indent=2))


def cast_changed(seed: int, changes: list[str] | None) -> Person:
    """A seed and texts like skin.tone=3 -> that person, changed."""
    from llia.config import adjust, parse_changes
    from llia.world.casting import cast

    return adjust(cast(seed), parse_changes(changes or []))


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
