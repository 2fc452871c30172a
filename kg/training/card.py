"""The model card: ``card.md`` with the numbers that the pipeline of a folder scores on annotated papers."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kg.errors import SourceError
from kg.evaluate import Evaluation, card, read_gold
from kg.evaluate.annotations import annotate
from kg.evaluate.evaluation import ComparedPaper
from kg.evaluate.facts import all_facts
from kg.evaluate.gold import AnnotatedPaper
from kg.evaluate.groups import By
from kg.extract.encoder import load_settings
from kg.extract.gazetteer import shipped_gazetteer
from kg.extract.spacy_extractor import SpacyExtractor
from kg.extract.spans import Found
from kg.extract.steps import STEPS, Context, run_steps
from kg.model import Extraction, Mention

TEMPLATE = Path(__file__).with_name("card.md")
CARD = "MODEL.md"
EVERY_STEP = "all of them"

_PLACE = re.compile(r"\{\{(\w+)\}\}")
_NO_ABLATIONS = "Not measured for this card."


class Readings(NamedTuple):
    """A set of papers as the extractor reads them, and what the bare model found in each."""

    evaluation: Evaluation
    bare: tuple[tuple[Found, ...], ...]


def make_card(model: Path, gold: Sequence[Path], annotations: Path, ablations: Path | None = None) -> str:
    """The text of the card: everything but the prose is measured, by one pass over the papers.

    ``ablations`` is a file of what was tried in training: a JSON list of objects with ``name``, and F1 in percent by
    the name of each set. Raises ExtractionError and SourceError.
    """
    extractor = SpacyExtractor(model)
    read = {path.stem: _read(extractor, list(read_gold(path))) for path in gold}
    sets = {name: each.evaluation for name, each in read.items()}
    numbers = {
        **_measure(sets, annotations, load_settings(model / "mention_tagger")),
        "steps": card.ablation(sets, dict(_without_each(read))),
        "ablations": _tried(ablations) if ablations else _NO_ABLATIONS,
        "version": extractor.version,
        **_about(model),
    }
    return fill(TEMPLATE.read_text(encoding="utf-8"), numbers)


def fill(template: str, numbers: Mapping[str, str]) -> str:
    """The template with ``{{name}}`` replaced; raises KeyError for a name without a number."""
    return _PLACE.sub(lambda found: numbers[found[1]], template)


def _read(extractor: SpacyExtractor, papers: Sequence[AnnotatedPaper]) -> Readings:
    pairs = list(extractor.read_in_steps(each.paper for each in papers))
    compared = (ComparedPaper(gold, extraction) for gold, (extraction, _) in zip(papers, pairs, strict=True))
    return Readings(Evaluation(tuple(compared)), tuple(tuple(stages[0][1]) for _, stages in pairs))


def _measure(sets: Mapping[str, Evaluation], annotations: Path, settings: Mapping[str, float]) -> dict[str, str]:
    everything = card.pooled(sets)
    facts = all_facts(everything, annotate((paper.gold for paper in everything.papers), annotations))
    tables = (f"### {name}, papers: {len(each.papers)}\n\n{card.scores(each)}" for name, each in sets.items())
    return {
        "scores": "\n\n".join(tables),
        "systems": card.systems(sets),
        "venues": card.groups(everything, By.VENUE),
        "years": card.groups(everything, By.YEAR),
        "calibration": card.calibration(sets),
        "temperature": f"{settings['temperature']:.2f}",
        "annotated": str(len(facts["roles"].papers)),
        "roles": card.facts(facts["roles"], settings),
        "relations": card.facts(facts["relations"], settings),
        "confusions": card.confusions(everything),
    }


def _without_each(read: Mapping[str, Readings]) -> Iterator[tuple[str, dict[str, Evaluation]]]:
    """Name of a step, and the evaluations without it; the network need not run again for them."""
    for name, left_out in ((EVERY_STEP, frozenset(STEPS)), *((step, frozenset([step])) for step in STEPS)):
        yield name, {key: _without(each, left_out) for key, each in read.items()}


def _without(read: Readings, left_out: frozenset[str]) -> Evaluation:
    papers = []
    for paper, bare in zip(read.evaluation.papers, read.bare, strict=True):
        *_, (_, spans) = run_steps(bare, Context(paper.gold.paper, shipped_gazetteer()), left_out)
        papers.append(ComparedPaper(paper.gold, Extraction(paper.gold.paper, tuple(_mentions(spans)))))
    return Evaluation(tuple(papers))


def _mentions(spans: Iterable[Found]) -> Iterator[Mention]:
    """As far as scoring looks at them."""
    for span in spans:
        yield Mention(span.field, span.start, span.end, span.text, span.label, span.score, "", 0, span.rule)


def _tried(path: Path) -> str:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        sets = list(dict.fromkeys(key for row in rows for key in row if key != "name"))
        return card.table(["trained as", *sets], [[row["name"], *(_f1(row.get(key)) for key in sets)] for row in rows])
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise SourceError(str(path), f"is no list of ablations: {error!r}") from error


def _f1(value: float | None) -> object:
    return "" if value is None else float(value)


def _about(model: Path) -> dict[str, str]:
    meta: dict[str, Any] = json.loads((model / "meta.json").read_text(encoding="utf-8"))
    size = sum(path.stat().st_size for path in model.rglob("*") if path.is_file() and path.name != CARD)
    return {"name": meta["name"], "release": meta["version"], "size": f"{size / 1e6:.1f}"}
