"""Commands run in this process: much sooner done than in one of their own, but an error is raised, not printed."""

from pathlib import Path

from click.testing import Result
from typer.testing import CliRunner

from kg.cli import app


def run(*args: object, data: Path) -> Result:
    """What a command did; an expected failure of ours is raised."""
    done = CliRunner().invoke(app, [*map(str, args), "--data", str(data)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def told(*args: object, data: Path) -> str:
    """What a command that went well printed."""
    done = run(*args, data=data)
    assert done.exit_code == 0, done.output
    return done.stdout
