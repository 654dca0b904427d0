"""Trials and their scorer → a folder of pictures, PNG and SVG: all of them, or none and the folder as it was."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kg.errors import OutputError
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


def draw_all(trials: Collection, scorer: Scorer, folder: Path) -> list[Path]:
    """Write every picture of the trials into `folder` and return their paths, ordered.

    map, heatmap and dendrogram (of the diseases) always; dendrogram-trials when there are at most `MOST_TRIALS`, of
    which an older one is removed otherwise. `scorer` is over the index of `trials`. Raises OutputError when matplotlib
    or scipy is missing, or when a file cannot be written; the folder then is as it was.
    """
    require()
    pictures = dict(draw_pictures(trials, scorer))
    with _told(folder):
        _write(folder, pictures)
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


def _write(folder: Path, pictures: Mapping[str, bytes]) -> None:
    """Write beside the old files and move over them at the end."""
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        workshop = Path(tempfile.mkdtemp(prefix=".kg-", dir=folder))
        try:
            for name, picture in pictures.items():
                (workshop / name).write_bytes(picture)
            _move(workshop, folder, pictures)
        finally:
            shutil.rmtree(workshop, ignore_errors=True)
    finally:
        for path in made:
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()


def _move(workshop: Path, folder: Path, names: Mapping[str, bytes]) -> None:
    for name in names:
        if (folder / name).is_dir():
            raise IsADirectoryError(f"{name} is a folder and cannot be replaced by a file")
    for name in names:
        os.replace(workshop / name, folder / name)
    for name in NAMES:
        for form in FORMATS:
            if f"{name}.{form}" not in names:
                (folder / f"{name}.{form}").unlink(missing_ok=True)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror or error}",
            where=str(folder),
            hint="nothing was changed there; name another folder, or make room",
        ) from error
