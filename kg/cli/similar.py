"""`kg similar`: which trials are most alike and why, on stdout; networks, plots and indexes into files."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from kg.cli.shared import messages, show, with_messages, with_timeout
from kg.cli.similar_task import Source, Task
from kg.cli.similar_wishes import ALL_OF_THEM, Wishes, read_only, read_pairs, read_weights

if TYPE_CHECKING:
    from kg.similar.answers.answers import Answer

_NARROWEST, _WIDEST = 60, 120  # characters of a line that is good to read
_USUAL = 100


@click.command("similar")
@click.argument("names", nargs=-1, metavar="[NAME [OTHER]]")
@click.option(
    "-k",
    "wanted",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many neighbours, pairs or rows; default 10.",
)
@click.option(
    "--like",
    multiple=True,
    metavar="FACET=VALUE",
    help='Instead of a name: what a trial would be like, such as disease="stroke" (may be repeated).',
)
@click.option(
    "--among",
    type=click.Choice(["trials", "diseases", "cell_sources"]),
    default="trials",
    help="What is compared; default trials. NAME is then a disease or a cell source.",
)
@click.option(
    "--weight",
    "weights",
    multiple=True,
    metavar="FACET=NUMBER",
    help="How many times as much as usual a facet counts (may be repeated).",
)
@click.option(
    "--only", multiple=True, metavar="FACET,…", help="Compare by these facets only (may be repeated)."
)
@click.option(
    "--show",
    "shown",
    type=click.Choice(ALL_OF_THEM),
    help="All together: communities, bridges between disease areas, central ones, combinations never tried.",
)
@click.option(
    "--on",
    metavar="FILE|URL|INDEX",
    help="Graph file, URL of a triple store, or index of --save; default: the last build, else the bundled table.",
)
@with_timeout
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    help="Form of the answer; default table.",
)
@click.option("--save", type=click.Path(path_type=Path), metavar="FILE", help="Write the index, for --on.")
@click.option(
    "--graph",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the network of all and their nearest: .graphml, .gexf or .cyjs.",
)
@click.option("--plots", type=click.Path(path_type=Path), metavar="FOLDER", help="Draw plots into a folder.")
@with_messages
def command(
    names: tuple[str, ...],
    wanted: int | None,
    like: tuple[str, ...],
    among: str,
    weights: tuple[str, ...],
    only: tuple[str, ...],
    shown: str | None,
    on: str | None,
    timeout: float,
    form: Literal["table", "json", "csv"],
    save: Path | None,
    graph: Path | None,
    plots: Path | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Rank the trials most like NAME, and say why: what they share, and how much each facet adds to the score.

    With OTHER, compare the two facet by facet. With --like, rank the trials that are most like what you describe.
    With neither, the most alike pairs of all. Facets: disease, cell_source, product, donor, route, dose, schedule,
    phase, measures, outcome, registry.
    """
    wishes = Wishes(
        names,
        read_pairs(like, "--like"),
        wanted,
        read_weights(weights),
        read_only(only),
        among,
        shown or "",
        save,
        graph,
        plots,
    )
    wishes.check()
    out = messages(quiet, verbose)
    _run(wishes, Source(on, timeout, out), form)
    return 0


def _run(wishes: Wishes, source: Source, form: str) -> None:
    """Do what is wished; all that can be wrong is found before anything is written."""
    task = Task.of(wishes, source)
    answer = None if wishes.files_only else task.answer()
    task.write(source.out)
    if answer:
        _print(answer, form)


def _print(answer: Answer, form: str) -> None:
    from kg.similar.answers.formats import FORMATS
    from kg.similar.answers.formats.table import write_table

    if form != "table":
        show(FORMATS[form](answer))
        return
    width = max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((_USUAL, 24)).columns))
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    # a table is safe for a terminal already
    click.echo(write_table(answer, width, colour=colour), nl=False, color=True)
