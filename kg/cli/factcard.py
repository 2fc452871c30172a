"""What ``kg evaluate --roles`` tells a person of roles and relations."""

from collections.abc import Mapping

from kg.cli.output import print_table
from kg.cli.scorecard import HEADINGS, cells, counted, percent, title
from kg.evaluate.bootstrap import Sampling
from kg.evaluate.cutoffs import PRECISION, Cutoff, cutoffs, lowest
from kg.evaluate.facts import Facts, Matching, count_facts
from kg.evaluate.mentions import MICRO
from kg.evaluate.scores import MACRO, Row, score_counts

_ROWS = {MICRO: "all", MACRO: "mean of kinds"}
_MATCHINGS = {Matching.OVERLAP: "overlap", Matching.NAMES: "name, once a paper"}
_CUTOFF_HEADINGS = ("score", "precision", "recall", "found")


def show_all(facts: Mapping[str, Facts], sampling: Sampling) -> None:
    """The tables of each kind of fact that there is."""
    for what, each in facts.items():
        show_facts(each, what.capitalize(), sampling)


def show_facts(facts: Facts, what: str, sampling: Sampling) -> None:
    """The scores of roles or relations by kind, by more lenient criteria, and by score."""
    papers = len(facts.papers)
    title(f"{what} in {counted(papers, 'annotated paper')}: right is the same one of the same characters")
    rows = _scores(facts, Matching.EXACT, sampling)
    print_table(["kind", *HEADINGS], [[_ROWS.get(name, name), *cells(row, papers)] for name, row in rows.items()])
    title(f"{what}, other ways to count, all kinds together")
    lenient = {text: _scores(facts, matching, sampling)[MICRO] for matching, text in _MATCHINGS.items()}
    print_table(["right is", *HEADINGS], [[text, *cells(row, papers)] for text, row in lenient.items()])
    table = cutoffs(facts)
    title(f"{what} from a score on, by name, all kinds together")
    print_table(_CUTOFF_HEADINGS, [_cutoff_cells(each) for each in table[MICRO][::2]])
    title(f"{what}: the lowest score with a precision of {percent(PRECISION):g}, by name")
    chosen = {name: lowest(each) for name, each in table.items()}
    print_table(
        ["kind", *_CUTOFF_HEADINGS],
        [[_ROWS.get(name, name), *(_cutoff_cells(each) if each else [""] * 4)] for name, each in chosen.items()],
    )


def _scores(facts: Facts, matching: Matching, sampling: Sampling) -> dict[str, Row]:
    return score_counts(count_facts(facts, matching), len(facts.papers), sampling)


def _cutoff_cells(cutoff: Cutoff) -> list[object]:
    counts = cutoff.counts
    shares = [percent(counts.precision), percent(counts.recall)] if counts.found else ["", ""]
    return [cutoff.score, *shares, counts.found]
