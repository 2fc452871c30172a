"""Paths between papers and entities."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.deps import ReaderDep
from api.exporting import TableForm, exported, in_openapi
from api.metering import Charged
from api.schemas_analysis import PathsOut
from kg.analysis.paths import MAX_HOPS, Way, find_end, find_ways
from kg.model import Label
from kg.query.written import query_of_path
from kg.view.findings import ways_table
from kg.view.forms import TABLE, Form
from kg.view.results import Result
from kg.workspace import Reader

router = APIRouter(tags=["analysis"])

End = Annotated[
    str,
    Query(max_length=210, description="Id of a paper or an entity; `paper:` or `entity:` before it says which it is."),
]


class Via(StrEnum):
    """What a path may lead over."""

    METHOD = "method"
    DATASET = "dataset"
    TASK = "task"
    METRIC = "metric"
    CONCEPT = "concept"
    ANY = "any"


@router.get("/v1/paths", responses=in_openapi(PathsOut, TABLE), response_model=None, dependencies=[Charged])
def get_paths(  # noqa: PLR0913, PLR0917 - the parameters of the request
    reader: ReaderDep,
    form: TableForm,
    a: End,
    b: End,
    k: Annotated[int, Query(ge=1, le=20, description="How many paths at most.")] = 3,
    via: Annotated[list[Via] | None, Query(description="Only over entities of this type; repeat for several.")] = None,
    hops: Annotated[int, Query(ge=1, le=MAX_HOPS, description="Hops of a path at most.")] = 6,
) -> PathsOut | Response:
    """How two papers, two entities, or one of each hang together, each hop with the sentence that shows it.

    A path goes from a paper to an entity that it names and on to another paper that names it. The more papers name
    an entity, the more it costs to go over it.
    """
    wanted = set(via or [Via.ANY])
    labels = [label for label in Label if wanted & {Via.ANY, label.value.lower()}]
    ends = find_end(reader.incidence, a), find_end(reader.incidence, b)
    found = find_ways(reader, *ends, k=k, max_hops=hops, labels=labels)
    if form is Form.JSON:
        return PathsOut.found(found, (_query(reader, way) for way in found.ways))
    return exported(form, Result(f"paths-{a}-{b}", lambda: ways_table(found)))


def _query(reader: Reader, way: Way) -> str:
    papers, entities = [hop.sighting.paper.id for hop in way.hops], [hop.entity.slug for hop in way.hops]
    return query_of_path(reader.iris, papers, entities)
