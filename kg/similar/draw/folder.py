"""Trials and their scorer → a folder of pictures, PNG and SVG: all of them, or none and the folder as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.build.output import write_folder
from kg.similar.draw.crossing import heatmap_of
from kg.similar.draw.dendrogram import draw_dendrogram
from kg.similar.draw.heatmap import draw_heatmap
from kg.similar.draw.kinship import MOST_TRIALS, disease_tree, trial_tree
from kg.similar.draw.landscape import map_of
from kg.similar.draw.map import draw_map
from kg.similar.draw.sheet import Format, require
from kg.similar.profile import Collection
from kg.similar.score import Scorer

FORMATS: tuple[Format, ...] = ("png", "svg")
NAMES = ("map", "heatmap", "dendrogram", "dendrogram-trials")
ALL = frozenset(f"{name}.{form}" for name in NAMES for form in FORMATS)


def draw_all(trials: Collection, scorer: Scorer, folder: Path) -> list[Path]:
    """Write every picture of the trials into `folder` and return their paths, ordered.

    map, heatmap and dendrogram (of the diseases) always; dendrogram-trials when there are at most `MOST_TRIALS`, of
    which an older one is removed otherwise. `scorer` is over the index of `trials`. Raises OutputError when matplotlib
    or scipy is missing, or when a file cannot be written; the folder then is as it was.
    """
    require()
    pictures = dict(draw_pictures(trials, scorer))
    write_folder(folder, {name: (picture,) for name, picture in pictures.items()})
    for old in (folder / name for name in ALL - pictures.keys()):
        if old.is_file():
            old.unlink()
    return [folder / name for name in sorted(pictures)]


def draw_pictures(trials: Collection, scorer: Scorer) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of every picture of the trials, one after the other."""
    landscape, crossing = map_of(scorer), heatmap_of(trials)
    trees = {"dendrogram": disease_tree(trials, scorer.weights)}
    if len(trials.profiles) <= MOST_TRIALS:
        trees["dendrogram-trials"] = trial_tree(trials, scorer)
    for form in FORMATS:
        yield f"map.{form}", draw_map(landscape, form)
        yield f"heatmap.{form}", draw_heatmap(crossing, form)
        for name, tree in trees.items():
            yield f"{name}.{form}", draw_dendrogram(tree, form)
