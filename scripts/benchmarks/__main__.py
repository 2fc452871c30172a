"""Measure how fast paperkg is on this machine, beside what else could do the work.

scripts/bench WHAT --help says what is measured; each WHAT is a module beside this one.
"""

import argparse
import sys
from importlib import import_module
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[up]) for up in (1, 2)]

BENCHMARKS = ("extract", "graph", "index", "pages", "quality", "related", "search", "sparql")


def main() -> int:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(metavar="WHAT", required=True)
    for name in BENCHMARKS:
        module = import_module(f"benchmarks.{name}")
        summary = module.__doc__.partition("\n")[0]
        command = commands.add_parser(
            name, help=summary, description=module.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        command.set_defaults(run=module.run)
        module.add_arguments(command)
    args = parser.parse_args()
    return args.run(args)


if __name__ == "__main__":
    sys.exit(main())
