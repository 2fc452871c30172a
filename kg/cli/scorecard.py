"""What ``kg evaluate`` tells a person."""

from rich.markup import escape
from rich.padding import Padding

from kg.cli.output import console, print_table, say
from kg.evaluate import Evaluation, Span
from kg.evaluate.bootstrap import Estimate, Sampling
from kg.evaluate.calibration import calibrate
from kg.evaluate.counts import Counts
from kg.evaluate.evaluation import ComparedPaper
from kg.evaluate.groups import By
from kg.evaluate.mentions import MICRO, Criterion
from kg.evaluate.mistakes import Kind, Mistake, confusion, sentence_around, worst
from kg.evaluate.scores import MACRO, Row, compare, score, score_groups

HEADINGS = ("precision", "recall", "F1", "95% interval of F1", "found", "wanted")
_ROWS = {MICRO: "all", MACRO: "mean of labels"}
_CRITERIA = {
    Criterion.SPANS: "same characters",
    Criterion.OVERLAP: "overlap and label",
    Criterion.ENTITIES: "name, once a paper",
}


def show_scores(evaluation: Evaluation, sampling: Sampling) -> None:
    """The scores by label, by more lenient criteria, and of single numbers."""
    papers = len(evaluation.papers)
    rows = score(evaluation, sampling=sampling)
    number = counted(papers, "annotated paper")
    say(f"{number}; right is what has the characters and the label of an annotation; in percent")
    say("")
    print_table(["label", *HEADINGS], [[_ROWS.get(name, name), *cells(row, papers)] for name, row in rows.items()])
    if papers > 1:
        precision, recall, _ = map(_interval, rows[MICRO].score)
        say(f"95% interval of all: precision {precision}, recall {recall}")
    title("Other ways to count, all labels together")
    lenient = {text: score(evaluation, criterion, sampling)[MICRO] for criterion, text in _CRITERIA.items()}
    print_table(["right is", *HEADINGS], [[text, *cells(row, papers)] for text, row in lenient.items()])
    say("")
    systems = evaluation.systems
    if systems.wanted:
        say(
            f"Names of what papers introduce: {systems.found_right:,} right of {systems.found:,} found "
            f"and {systems.wanted:,} wanted."
        )
    error = calibrate(evaluation).error
    if error is not None:
        say(
            f"Scores of mentions differ from the share that is right by {percent(error)} points on average "
            "(expected calibration error)."
        )


def show_groups(evaluation: Evaluation, by: By, sampling: Sampling) -> None:
    """The exact score of each group of papers."""
    groups = score_groups(evaluation, by, sampling)
    title(f"By {by.value}, all labels together")
    print_table(
        [by.value, "papers", *HEADINGS],
        [[name, papers, *cells(row, papers)] for name, (papers, row) in groups.items()],
    )


def show_difference(ours: Evaluation, theirs: Evaluation, name: str, sampling: Sampling) -> None:
    """How much better or worse another extractor does on the same papers."""
    one, other = (score(each, sampling=sampling) for each in (ours, theirs))
    title(f"F1 against {name}: a difference whose interval leaves out 0 is unlikely to be chance")
    print_table(
        ["label", "this", "that", "difference", "95% interval", "this leads in % of draws"],
        [
            [
                _ROWS.get(row, row),
                *(percent(table[row].score.f1.value) if row in table else "" for table in (one, other)),
                f"{100 * each.f1.value:+.1f}",
                f"{100 * each.f1.low:+.1f} to {100 * each.f1.high:+.1f}",
                round(100 * each.better),
            ]
            for row, each in compare(ours, theirs, sampling=sampling).items()
        ],
    )


def show_confusion(evaluation: Evaluation) -> None:
    """What became of the wanted mentions, and where the found ones come from."""
    rows = confusion(evaluation)
    columns = [*evaluation.labels, Kind.BOUNDARY.value, Kind.MISSED.value]
    title("What was found (columns) for what was wanted (rows)")
    print_table(["", *columns], [[row, *(found.get(column, "") for column in columns)] for row, found in rows.items()])
    say("")
    say("boundary: overlaps, but does not begin and end at the same place. spurious: found where nothing was wanted.")


def show_worst(evaluation: Evaluation, number: int) -> None:
    """The papers with most mistakes, each mistake in its sentence."""
    for paper, found in worst(evaluation, number):
        gold = paper.gold.paper
        known = ", ".join(str(each) for each in (gold.venue, gold.year) if each)
        title(f"{gold.title or gold.id}{f' ({known})' if known else ''}")
        right, wrong = len(paper.wanted & paper.found), counted(len(found), "mistake")
        say(f"{right} of {len(paper.wanted)} right, {wrong}, {gold.id}")
        for mistake in found:
            _show_mistake(paper, mistake)


def _show_mistake(paper: ComparedPaper, mistake: Mistake) -> None:
    place = mistake.place
    before, text, after = sentence_around(paper.gold.paper.text(place.field), place.start, place.end)
    console.print(f"  {mistake.kind.value:<11}  {escape(_explained(paper, mistake))}", soft_wrap=True)
    sentence = f"[dim]{escape(before)}[/]»[bold]{escape(text)}[/]«[dim]{escape(after)}[/]"
    console.print(Padding(sentence, (0, 0, 0, 15), expand=False))


def _explained(paper: ComparedPaper, mistake: Mistake) -> str:
    def named(span: Span | None) -> str:
        return f"{span.label} “{paper.gold.paper.text(span.field)[span.start : span.end]}”" if span else ""

    match mistake.kind:
        case Kind.MISSED:
            return named(mistake.wanted)
        case Kind.SPURIOUS:
            return named(mistake.found)
        case Kind.LABEL if mistake.found:
            return f"{named(mistake.wanted)} found as {mistake.found.label}"
        case _:
            return f"{named(mistake.wanted)} found as {named(mistake.found)}"


def cells(row: Row, papers: int) -> list[object]:
    """What stands under ``HEADINGS``; one paper gives no interval."""
    if row.counts == Counts():
        return [""] * 4 + [0, 0]
    # One paper drawn again and again says nothing of others.
    interval = _interval(row.score.f1) if papers > 1 else ""
    return [*(percent(each.value) for each in row.score), interval, *(row.counts[:2] if row.counts else ("", ""))]


def _interval(estimate: Estimate) -> str:
    return f"{100 * estimate.low:.1f} to {100 * estimate.high:.1f}"


def counted(number: int, noun: str) -> str:
    """The number with its noun, in the plural but for one."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def percent(share: float) -> float:
    """A share of 1 in percent, to one place."""
    return round(100 * share, 1)


def title(text: str) -> None:
    """A bold line above a table."""
    say("")
    say(text, style="bold")
