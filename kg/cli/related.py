"""The commands that link papers: related, link."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from kg.analysis.links import PaperLink
from kg.analysis.links import link as find_link
from kg.analysis.ranking import ranking_query, words_of
from kg.analysis.related import Part, Related, Shared, Via, Wanted
from kg.analysis.related import related as find_related
from kg.analysis.words import SharedWords
from kg.cli.ask import find_paper
from kg.cli.output import AsJson, Data, PapersFormat, PapersOutput, print_file, print_json, say, workspace
from kg.model import Evidence
from kg.query.catalogue import Statement, in_words

Paper = Annotated[str, typer.Argument(help="A paper's id, or a part of its title that fits no other.")]
Year = Annotated[int | None, typer.Option(min=1, max=9999, show_default="any")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        help="""Find papers linked to a paper by the methods, datasets, tasks and concepts they share.

    What is shared counts by its rarity, by how surely it was read and by what the papers do with it; different
    kinds of one thing count too, and so do words, unless `--via` asks for one type. Each paper comes with its
    reasons and a sentence of both.

    **Examples**

        kg related "attention is all you need"
        kg related arxiv-1706.03762 --via method --via dataset --year-from 2018 --limit 5
        kg related arxiv-1706.03762 --format bibtex > related.bib
        kg related arxiv-1706.03762 --sparql | kg query @-"""
    )(related)
    app.command(
        help="""Explain what links two papers: all that they share, side by side, what is too common to count too.

    **Examples**

        kg link "attention is all you need" "neural machine translation by jointly"
        kg link arxiv-1706.03762 arxiv-1409.0473 --json"""
    )(link)


def related(  # noqa: PLR0913, PLR0917 - the options of a command
    paper: Paper,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Papers to show.")] = 10,
    via: Annotated[
        list[Via] | None, typer.Option(help="Count only shared entities of this type.", show_default="any")
    ] = None,
    min_shared: Annotated[
        int, typer.Option(min=0, help="How many such entities at least; with 0 rare words in common may do alone.")
    ] = 1,
    year_from: Year = None,
    year_to: Year = None,
    sparql: Annotated[bool, typer.Option(help="Print the query that gives the same ranking.")] = False,
    output: PapersFormat = PapersOutput.TABLE,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Find papers linked to a paper, and say why."""
    reader = workspace(data).reader()
    paper_id = find_paper(reader, paper)
    labels = {label for each in via or [Via.ANY] for label in each.labels}
    wanted = Wanted(labels, min_shared, year_from, year_to, limit)
    found = find_related(reader, paper_id, wanted)
    if sparql:
        say(ranking_query(reader.weights, reader.iris, paper_id, wanted, words_of(found)).rstrip())
    elif as_json or output is PapersOutput.JSON:
        print_json([_related_record(each) for each in found])
    elif output is PapersOutput.TABLE:
        _show_related(reader.catalogue.paper(paper_id).title, found)
    else:
        from kg.view.results import papers_result  # only files need these
        from kg.view.tables import related_table

        ids = [each.paper_id for each in found]
        print_file(output, papers_result("related", reader, ids, table=lambda: related_table(found)))


def _show_related(title: str, found: Sequence[Related]) -> None:
    say(f"Related to: {title}", "bold")
    if not found:
        say("No other paper shares anything specific with it.")
    for rank, each in enumerate(found, 1):
        _tell_related(rank, each)


def _tell_related(rank: int, found: Related) -> None:
    say(f"\n{rank:>2}. {_titled(found.title, found.year)}  score {found.score:.2f}", "bold")
    for shared in found.shared:
        _tell_shared(shared)
    if found.wording:
        say(f"    {found.wording.weight:6.2f}  {_worded(found.wording)}")
    for whose, evidence in (("it", found.there), ("this", found.here)):
        if evidence:
            say(f"    {whose:>4}: “{evidence.sentence}”", "dim")


def _tell_shared(shared: Shared) -> None:
    say(
        f"    {shared.weight:6.2f}  {shared.entity.name} ({shared.entity.label}, {shared.papers:,} papers){_by(shared)}"
    )


def _worded(wording: SharedWords) -> str:
    return f"words: {', '.join(wording.words)}" if wording.words else "all words that both use"


def _by(shared: Shared) -> str:
    """How the two papers name it, where they do not name the same."""
    if not shared.through_parent:
        return ""
    return f", by {_names(shared.here)} and {_names(shared.there)}"


def _names(part: Part) -> str:
    return " / ".join(entity.name for entity in part.entities[:3])


def _titled(title: str, year: int | None) -> str:
    return f"{title} ({year})" if year else title


def link(first: Paper, second: Paper, data: Data = None, as_json: AsJson = False) -> None:
    """Explain what links two papers."""
    reader = workspace(data).reader()
    found = find_link(reader, find_paper(reader, first), find_paper(reader, second))
    if as_json:
        print_json(_link_record(found))
    else:
        _tell_link(found)


def _tell_link(found: PaperLink) -> None:
    for name, end in (("A", found.here), ("B", found.there)):
        say(f"{name}: {_titled(end.title, end.year)}", "bold")
    if not found.shared:
        say("They share nothing.")
    elif found.only_common:
        say("They share only what is too common to count.")
    else:
        say(f"Score {found.score:.2f}")
    for shared in found.shared:
        say(f"\n{shared.entity.name} ({shared.entity.label}): {shared.reason}{_by(shared)}")
        for name, part in (("A", shared.here), ("B", shared.there)):
            says = f" {part.role.value} it" if part.role else " names it"
            quoted = f": “{part.evidence.sentence}”" if part.evidence else ""
            say(f"    {name}{says}{quoted}", "dim")
    if found.wording:
        say(f"\nTheir words: {found.wording.reason}")
    _tell_statements(found.statements)


def _tell_statements(statements: Sequence[Statement]) -> None:
    if statements:
        say("\nWhat papers state between the two:")
    for each in statements:
        support = f"{each.papers:,} paper{'' if each.papers == 1 else 's'}"
        say(f"    {each.subject.name} {in_words(each.kind)} {each.object.name} ({support})")


def _related_record(each: Related) -> dict[str, object]:
    return {
        "id": each.paper_id,
        "title": each.title,
        "year": each.year,
        "score": each.score,
        "here": _evidence_record(each.here),
        "there": _evidence_record(each.there),
        "shared": [_shared_record(shared) for shared in each.shared],
        "wording": _wording_record(each.wording),
    }


def _shared_record(shared: Shared) -> dict[str, object]:
    return {
        "slug": shared.entity.slug,
        "name": shared.entity.name,
        "type": shared.entity.label.value,
        "weight": shared.weight,
        "papers": shared.papers,
        "through_parent": shared.through_parent,
        "reason": shared.reason,
        "here": _part_record(shared.here),
        "there": _part_record(shared.there),
    }


def _wording_record(wording: SharedWords | None) -> dict[str, object] | None:
    if wording is None:
        return None
    return {
        "weight": wording.weight,
        "words": list(wording.words),
        "reason": wording.reason,
        "here": _evidence_record(wording.here),
        "there": _evidence_record(wording.there),
    }


def _part_record(part: Part) -> dict[str, object]:
    return {
        "entities": [entity.slug for entity in part.entities],
        "role": part.role.value if part.role else None,
        "confidence": part.confidence,
        "evidence": _evidence_record(part.evidence),
    }


def _evidence_record(evidence: Evidence | None) -> dict[str, object] | None:
    if evidence is None:
        return None
    named = {name: getattr(evidence, name) for name in ("sentence", "start", "end", "text")}
    return {"paper": evidence.paper_id, **named}


def _link_record(found: PaperLink) -> dict[str, object]:
    return {
        "a": asdict(found.here),
        "b": asdict(found.there),
        "corpus": found.corpus,
        "score": found.score,
        "only_common": found.only_common,
        "shared": [_shared_record(shared) for shared in found.shared],
        "wording": _wording_record(found.wording),
        "statements": [_statement_record(each) for each in found.statements],
    }


def _statement_record(each: Statement) -> dict[str, object]:
    ends = {"subject": each.subject.slug, "kind": each.kind.value, "object": each.object.slug}
    return {**ends, "papers": each.papers, "score": each.score}
