"""`kg` as a user runs it: a process of its own, with credentials in its environment."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Done:
    """A command that ended: its exit code, and what it printed on stdout and stderr."""

    code: int
    out: str
    err: str


def kg(*arguments: str | Path, environ: Mapping[str, str] | None = None, given: str = "") -> Done:
    """Run `kg` with these arguments, and `given` as standard input; the caller's own credentials are not handed on."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TRIALKG_")}
    done = subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)],
        env={**clean, "PYTHONPATH": str(_ROOT), **(environ or {})},
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout, done.stderr)
