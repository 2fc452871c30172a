"""How many abstracts a second the extractor reads, beside its bare model and what others would use.

    scripts/bench extract
    scripts/bench extract --papers 2000 --corpus papers.jsonl.gz --json | tail -1 | jq .results

All read the same texts, one after the other, each in a process of its own on the same cores: the whole pipeline, its
ONNX model alone on inputs that are ready, BERT-base in torch (if that is installed), and spaCy's small CNN. Memory is
flat if the peak at the end is that of a quarter of the way. Nothing else should run meanwhile. spaCy imports torch
wherever it finds it, so memory is best measured without it, and BERT by --torch-python.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import machine

NAMES = {
    "pipeline": "paperkg, the whole pipeline",
    "forward": "its ONNX model alone",
    "bert": "BERT-base token classifier, torch",
    "cnn": "spaCy CNN tagger",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--papers", type=int, default=512, help="how many abstracts (512)")
    parser.add_argument("--corpus", type=Path, help="JSON lines, packed or not, newest papers first; else the demo")
    parser.add_argument("--cores", type=int, default=2, help="how many cores (2)")
    parser.add_argument("--rounds", type=int, default=3, help="how often pipeline and model take turns (3)")
    parser.add_argument("--extractor", metavar="MODULE:FACTORY", help="another extractor")
    parser.add_argument("--model", type=Path, help="another trained pipeline")
    parser.add_argument("--without", action="append", choices=("bert", "cnn"), default=[], help="leave one out")
    parser.add_argument("--torch-python", metavar="PYTHON", help="the Python that has torch, if not this one")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--only", metavar="CONTENDER", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Measure everything, or in a process that this started one contender."""
    if args.only:
        print(json.dumps(_one(args)))
        return 0
    about = machine.describe(args.cores)
    with tempfile.TemporaryDirectory() as folder:
        args.folder = Path(folder)
        args.papers = _write_papers(args)
        results = _measure(args)
    print(f"{args.papers:,} abstracts, {about['cores']} cores of {about['cpu']}, load {about['load']} at the start")
    print("\n".join(_table(results)))
    if args.json:
        source = str(args.corpus) if args.corpus else "demo"
        print(
            json.dumps({"benchmark": "extract", "papers": args.papers, "corpus": source, **about, "results": results})
        )
    return 0


def _one(args: argparse.Namespace) -> dict[str, Any]:
    from benchmarks.contenders import CONTENDERS, Task

    machine.use_cores(args.cores)
    try:
        return CONTENDERS[args.only](Task(args.folder, args.papers, args.cores, args.extractor, args.model))
    except machine.SkippedError as skipped:
        return {"skipped": str(skipped)}


def _measure(args: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Contender to its numbers; of those that take turns the median, and of each turn the ratio."""
    encoded = _start("encode", args)

    def bare(name: str) -> dict[str, Any]:
        return encoded if "skipped" in encoded else _start(name, args)

    turns = [{"pipeline": _start("pipeline", args), "forward": bare("forward")} for _ in range(max(1, args.rounds))]
    results = {name: _median([turn[name] for turn in turns]) for name in turns[0]}
    for name, measured in (("bert", bare), ("cnn", lambda name: _start(name, args))):
        results[name] = {"skipped": "as asked"} if name in args.without else measured(name)
    for name, result in results.items():
        if "per_second" in result and "per_second" in results["forward"]:
            pairs = [(turn.get(name, result), turn["forward"]) for turn in turns]
            result["of_forward"] = median(one["per_second"] / alone["per_second"] for one, alone in pairs)
    results["forward"] |= encoded
    return {name: {k: round(v, 3) if isinstance(v, float) else v for k, v in r.items()} for name, r in results.items()}


def _median(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """The numbers of the first round with the median of all speeds, and what they range over."""
    speeds = [each["per_second"] for each in rounds if "per_second" in each]
    if not speeds:
        return rounds[0]
    return {
        **rounds[0],
        "per_second": median(speeds),
        "range": [round(speed, 3) for speed in (min(speeds), max(speeds))],
    }


def _start(name: str, args: argparse.Namespace) -> dict[str, Any]:
    """Run a contender in a fresh process; one that breaks ends the benchmark."""
    print(f"measuring: {name}", file=sys.stderr)
    options = {option: getattr(args, option) for option in ("papers", "cores", "folder", "extractor", "model")}
    words = [f"--{option}={value}" for option, value in options.items() if value is not None]
    python = args.torch_python if name == "bert" and args.torch_python else sys.executable
    command = [python, sys.argv[0], "extract", f"--only={name}", *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        sys.exit(f"error: {name} could not be measured; what it said stands above")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _write_papers(args: argparse.Namespace) -> int:
    """The texts into the folder: newest first, and from the beginning again where there are too few."""
    from kg.model import Paper
    from kg.resources import demo_corpus
    from kg.sources import read_papers

    read = read_papers([args.corpus or demo_corpus()])
    papers = [each for each in read if isinstance(each, Paper) and each.abstract]
    if not papers:
        sys.exit(f"error: {args.corpus} holds no papers with abstracts")
    papers.sort(key=lambda paper: -(paper.year or 0))
    number = max(1, args.papers)
    chosen: Iterable[Paper] = islice(papers if args.corpus else cycle(papers), number)
    lines = [json.dumps({"title": each.title, "abstract": each.abstract}) for each in chosen]
    (args.folder / "papers.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return len(lines)


def _table(results: dict[str, dict[str, Any]]) -> list[str]:
    headings = f"{'':36}{'abstracts/s':>12}{'of the model':>14}{'loaded in s':>13}{'peak MB':>9}{'texts':>8}"
    lines = [headings]
    for name, result in results.items():
        if reason := result.get("skipped"):
            lines.append(f"{NAMES[name]:36}skipped: {reason}")
            continue
        share = f"{result['of_forward']:.2f}" if "of_forward" in result else ""
        numbers = f"{result['per_second']:12.1f}{share:>14}{result['load_s']:13.2f}{result['peak_mb']:9.0f}"
        lines.append(f"{NAMES[name]:36}{numbers}{result['texts']:8,}")
    ours = results["pipeline"]
    lines.append(f"peak memory of the pipeline after a quarter of the texts: {ours['peak_mb_quarter']:.0f} MB")
    return lines
