"""What was handed in -> what would be read of it, and what is found in the first of its papers. Keeps nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import Request

from api.deps import Service
from api.metering import metered
from api.readings import MAX_CHARACTERS, slugs_of
from kg.errors import KgError, SourceError
from kg.jobs.job import Problem, Source
from kg.jobs.records import problem_of, read_records
from kg.model import Entity, Paper
from kg.preview.readings import Preview

SHOWN = 10
"""Papers of a preview in which mentions are looked for; at most ``LISTED`` are named."""
LISTED = 500
NOTHING_READ = "this service looks for nothing in texts: it runs with KG_EXTRACT=off"


@dataclass(frozen=True, slots=True)
class Recognised:
    """Papers and problems, in the order of the input. ``held`` are the papers that the graph holds already.

    ``preview`` is of the first papers; where there is none, ``failure`` or ``note`` says why.
    """

    papers: Sequence[Paper]
    problems: Sequence[Problem]
    held: Collection[str]
    preview: Preview | None = None
    known: Mapping[str, Entity] = field(default_factory=dict)
    note: str = ""
    failure: KgError | None = None


def recognise(request: Request, service: Service, sources: Sequence[Source]) -> Recognised:
    """Read the records, and look for mentions in the first; raises BudgetError."""
    papers: dict[str, Paper] = {}
    problems = []
    for source, number, record in read_records(sources):
        if isinstance(record, SourceError):
            problems.append(problem_of(record, source.name, number))
        else:
            papers.setdefault(record.id, record)
    found = list(papers.values())
    held = service.held(papers)
    if service.settings.extract == "off" or not found:
        return Recognised(found, problems, held, note=NOTHING_READ if found else "")
    try:
        with metered(request, service, "extraction"):
            preview = service.preview(first_of(found))
    except KgError as error:
        return Recognised(found, problems, held, note=f"nothing was looked for in the texts: {error}", failure=error)
    return Recognised(found, problems, held, preview, service.known(slugs_of(preview)))


def first_of(papers: Sequence[Paper]) -> list[Paper]:
    """The first ``SHOWN`` papers, fewer where they are long."""
    first: list[Paper] = []
    size = 0
    for paper in papers[:SHOWN]:
        size += len(paper.title) + len(paper.abstract)
        if first and size > MAX_CHARACTERS:
            break
        first.append(paper)
    return first
