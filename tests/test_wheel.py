"""What is installed is what works: the wheel, in a Python of its own, far away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.slow


def run(*command: str | Path, folder: Path) -> str:
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, folder=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the `kg` of a new environment that has the wheel and sees the third parties of this one."""
    home = tmp_path_factory.mktemp("env")
    venv.create(home, with_pip=False)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        scripts / "python",
        "install",
        "--no-deps",
        "--no-index",
        wheel,
        folder=home,
    )
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(run(scripts / "python", "-c", code, folder=home).strip())
    (site / "third-parties.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return scripts / "kg"


def test_the_wheel_holds_ontology_queries_and_table_and_nothing_of_the_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {"kg/ontology/trialkg.ttl", "kg/data/msc-trials-table2.csv"} <= set(names)
    assert [n for n in names if n.startswith("kg/queries_data/") and n.endswith(".rq")]
    assert [n for n in names if n.startswith("kg/ontology/shapes/") and n.endswith(".ttl")]
    assert [n for n in names if n.endswith("/licenses/LICENSE")]
    assert [n for n in names if not n.startswith(("kg/", "trialkg-"))] == []


def test_the_installed_command_comes_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = "import kg; print(kg.__file__)"
    where = Path(run(installed.parent / "python", "-c", code, folder=tmp_path).strip())
    assert ROOT not in where.parents


def test_the_installed_command_builds_the_bundled_table_and_answers_from_it(
    installed: Path, tmp_path: Path
) -> None:
    run(installed, "build", folder=tmp_path)
    assert (tmp_path / "output" / "trials.ttl").stat().st_size > 0
    assert (tmp_path / "output" / "ledger.csv").stat().st_size > 0
    query = tmp_path / "count.rq"
    prefix = "PREFIX tkg: <https://w3id.org/trialkg/ontology#>"
    query.write_text(f"{prefix} SELECT (COUNT(?r) AS ?reports) {{ ?r a tkg:TrialReport }}", encoding="utf-8")
    assert run(installed, "query", query, "--format", "csv", folder=tmp_path).split() == ["reports", "92"]
    assert run(installed, "query", folder=tmp_path) != ""


def test_the_installed_command_validates_what_it_built(installed: Path, tmp_path: Path) -> None:
    run(installed, "build", folder=tmp_path)
    assert run(installed, "validate", tmp_path / "output" / "trials.ttl", folder=tmp_path) != ""
