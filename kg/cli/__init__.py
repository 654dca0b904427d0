"""The command `kg`: reads arguments, calls one function, prints, sets the exit code.

Exit codes: 0 fine, 1 the data has violations, 2 the command or its input is wrong, 130 interrupted.
"""

from __future__ import annotations

import gc
import importlib
import io
import os
import sys
from pathlib import Path

import click

from kg.errors import KgError, printable
from kg.version import __version__

_COMMANDS = {
    "build": "Build the knowledge graph of one or more tables.",
    "parse": "Print the records of a table; nothing is written.",
    "validate": "Check graph files against the SHACL shapes.",
    "query": "List the bundled queries, or run one.",
    "similar": "Find the trials that are most alike, and say why.",
    "load": "Load the graph into a triple store.",
    "serve": "Answer SPARQL queries over HTTP, with pages for people.",
}


class _Commands(click.Group):
    """Loads a command's module only when it is called, so that `kg --help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands in the order of the work."""
        return [*_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, or None for a name that is no command."""
        if cmd_name not in _COMMANDS:
            return None
        command = importlib.import_module(f"kg.cli.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - tells the type checker, costs nothing
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table above, without loading their modules."""
        with formatter.section("Commands"):
            formatter.write_dl([*_COMMANDS.items()])


@click.command(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(__version__, "-V", "--version", prog_name="kg", message="%(prog)s %(version)s")
def app() -> None:
    """Turn the clinical-trial tables of review articles into a knowledge graph whose every triple traces to a cell."""


def main() -> None:
    """Run the command and end the process with its exit code; errors of the user become messages."""
    # records and blocks hold no cycles: looking for them costs a tenth of `kg parse`
    gc.set_threshold(100_000)
    _set_streams()
    sys.exit(run(sys.argv[1:]))


def _set_streams() -> None:
    """Let results and messages be the same UTF-8 bytes in every locale; a closed stream swallows them."""
    for name, errors in (("stdout", "surrogateescape"), ("stderr", "backslashreplace")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open until the end
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors, newline="\n")


def run(arguments: list[str]) -> int:
    """Run `kg` with these arguments and return its exit code."""
    # not app.main(): it turns a reader that went away into exit code 1
    try:
        with app.make_context("kg", list(arguments)) as context:
            code = app.invoke(context)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except KgError as error:
        click.echo(printable(f"error: {error}"), err=True)
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted: nothing was written", err=True)
        return 130
    except BrokenPipeError:
        # the reader of our output has gone, e.g. `head`: nothing is wrong
        _forget_stdout()
        return 0
    except OSError as error:
        _forget_stdout()
        click.echo(f"error: the result cannot be written: {error.strerror or error}", err=True)
        return 2


def _forget_stdout() -> None:
    """Send what is still in the buffer nowhere, so that Python does not complain of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
