"""Evaluations as Markdown tables, for model cards: scores in percent, intervals as ``bootstrap`` makes them."""

from collections.abc import Iterable, Mapping, Sequence

from kg.evaluate.bootstrap import STANDARD, Estimate, Sampling
from kg.evaluate.calibration import calibrate
from kg.evaluate.counts import Counts
from kg.evaluate.evaluation import Evaluation
from kg.evaluate.facts import Facts, Matching, count_facts
from kg.evaluate.groups import By
from kg.evaluate.mentions import MICRO, Criterion
from kg.evaluate.mistakes import Kind, confusion
from kg.evaluate.scores import MACRO, Row, compare, score, score_counts, score_groups

_ROWS = {MICRO: "**all**", MACRO: "mean"}
_CRITERIA = (Criterion.EXACT, Criterion.OVERLAP, Criterion.ENTITIES)
_MATCHINGS = {Matching.EXACT: "same characters", Matching.OVERLAP: "overlap"}


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; numbers with a fraction get one place, and no cell breaks it."""
    lines = [headings, ["---"] * len(headings), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def pooled(sets: Mapping[str, Evaluation]) -> Evaluation:
    """The papers of all sets as one."""
    return Evaluation(tuple(paper for each in sets.values() for paper in each.papers))


def scores(evaluation: Evaluation, sampling: Sampling = STANDARD) -> str:
    """By label and in all: the same characters, a character in common, and the same name once a paper."""
    counted = {criterion: score(evaluation, criterion, sampling) for criterion in _CRITERIA}
    headings = ["label", "wanted", "found"]
    for name in ("exact", "overlap", "name"):
        headings += [f"{name} P / R", f"{name} F1"]
    rows = []
    for label, row in counted[Criterion.EXACT].items():
        counts = row.counts
        wanted, found = (counts.wanted, counts.found) if counts else ("", "")
        cells = [cell for each in counted.values() for cell in _scored(each[label])]
        rows.append([_ROWS.get(label, label), wanted, found, *cells])
    return table(headings, rows)


def systems(sets: Mapping[str, Evaluation]) -> str:
    """The names of what papers introduce, by set."""
    rows = []
    for name, evaluation in sets.items():
        counts = evaluation.systems
        shares = [100 * share for share in (counts.precision, counts.recall, counts.f1)]
        rows.append([name, counts.wanted, counts.found, counts.found_right, *shares])
    return table(["set", "wanted", "found", "right", "P", "R", "F1"], rows)


def groups(evaluation: Evaluation, by: By, sampling: Sampling = STANDARD) -> str:
    """The exact score of each group of papers, all labels together."""
    found = score_groups(evaluation, by, sampling)
    rows = [[name, papers, *_scored(row)] for name, (papers, row) in found.items()]
    return table([by.value, "papers", "P / R", "F1"], rows)


def calibration(sets: Mapping[str, Evaluation]) -> str:
    """The calibration error of each set and of all, then the bins of all."""
    everything = {**sets, "all": pooled(sets)}
    errors = {name: calibrate(evaluation).error for name, evaluation in everything.items()}
    first = table(
        ["set", "expected calibration error"],
        [[name, "" if error is None else 100 * error] for name, error in errors.items()],
    )
    bins = [
        [f"{each.low:.1f} to {each.high:.1f}", each.mentions, 100 * each.score, 100 * each.right]
        for each in calibrate(everything["all"]).bins
        if each.score is not None and each.right is not None
    ]
    return f"{first}\n\n{table(['score', 'mentions', 'mean score', 'right'], bins)}"


def facts(found: Facts, thresholds: Mapping[str, float], sampling: Sampling = STANDARD) -> str:
    """Roles or relations by kind, each name counted once a paper; then all together by two other ways to count."""

    def scored(matching: Matching) -> dict[str, Row]:
        return score_counts(count_facts(found, matching), len(found.papers), sampling)

    rows = [
        [_ROWS.get(kind, kind), f"{thresholds[kind]:.2f}" if kind in thresholds else "", *_fact_cells(row)]
        for kind, row in scored(Matching.NAMES).items()
    ]
    rows += [[f"all, {text}", "", *_fact_cells(scored(matching)[MICRO])] for matching, text in _MATCHINGS.items()]
    return table(["kind", "from score", "wanted", "found", "P / R", "F1"], rows)


def ablation(
    whole: Mapping[str, Evaluation], without: Mapping[str, Mapping[str, Evaluation]], sampling: Sampling = STANDARD
) -> str:
    """Exact F1 of each set with and without each part, and how much the part brings there.

    ``without`` maps the name of a part to the evaluations without it.
    """
    headings = [heading for name in whole for heading in (f"{name} F1", "P / R", "lost")]
    rows: list[list[object]] = []
    for part, evaluations in {"nothing": whole, **without}.items():
        row: list[object] = [part]
        for name, evaluation in evaluations.items():
            lost = compare(whole[name], evaluation, sampling=sampling)[MICRO].f1
            told = "" if evaluations is whole else f"{100 * lost.value:+.1f} ({_interval(lost, '+.1f')})"
            row += [*_plain(evaluation, sampling), told]
        rows.append([*row, sum(len(paper.found) for paper in pooled(evaluations).papers)])
    return table(["without", *headings, "mentions"], rows)


def confusions(evaluation: Evaluation, number: int = 8) -> str:
    """How many mistakes there are of each kind, and the pairs of labels that are confused most."""
    cells = confusion(evaluation)
    labels = evaluation.labels
    pairs = {(one, other): cells[one][other] for one in labels for other in labels if one != other}
    kinds = {
        "right characters, wrong label": sum(pairs.values()),
        "right place, wrong border": sum(cells[label][Kind.BOUNDARY] for label in labels),
        "missed": sum(cells[label][Kind.MISSED] for label in labels),
        "found where nothing was wanted": sum(cells[Kind.SPURIOUS].values()),
    }
    most = sorted(pairs, key=lambda pair: (-pairs[pair], pair))[:number]
    rows = [[f"{one} read as {other}", pairs[one, other]] for one, other in most if pairs[one, other]]
    return f"{table(['mistake', 'mentions'], kinds.items())}\n\n{table(['label', 'mentions'], rows)}"


def _plain(evaluation: Evaluation, sampling: Sampling) -> list[str]:
    precision, recall, f1 = (each.value for each in score(evaluation, sampling=sampling)[MICRO].score)
    return [_percent(f1), f"{_percent(precision)} / {_percent(recall)}"]


def _fact_cells(row: Row) -> list[object]:
    return [row.counts.wanted if row.counts else "", row.counts.found if row.counts else "", *_scored(row)]


def _scored(row: Row) -> list[str]:
    """Precision and recall, and F1 with its interval; nothing for what is neither found nor wanted."""
    if row.counts == Counts():
        return ["", ""]
    precision, recall, f1 = row.score
    return [
        f"{_percent(precision.value)} / {_percent(recall.value)}",
        f"{_percent(f1.value)} ({_interval(f1)})",
    ]


def _interval(estimate: Estimate, form: str = ".1f") -> str:
    return f"{100 * estimate.low:{form}} to {100 * estimate.high:{form}}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _cell(value: object) -> str:
    match value:
        case float():
            return f"{value:.1f}"
        case int():
            return f"{value:,}"
        case _:
            return str(value).replace("|", "\\|").replace("\n", " ")
