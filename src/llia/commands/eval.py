"""`llia eval`: arguments in, the work done by functions that are imported when their command is called."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

measure = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Measure what was trained, on people kept apart."
)


@measure.callback()
def about() -> None:
    """Measure what was trained, on people kept apart."""


@measure.command()
def portrait(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
    people: Annotated[int, typer.Option(min=1, help="How many; four pictures of each, a film of every fifth.")] = 125,
    seed: Annotated[int, typer.Option(min=0, max=999, help="Another seed, other people.")] = 0,
    weights: Annotated[Path | None, typer.Option(help="A folder of weights in training, not what ships.")] = None,
    picture: Annotated[Path | None, typer.Option(help="Also write a PNG of the worst cases.")] = None,
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
    results = evaluate(weights, people, seed)
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
