"""The map of all papers, drawn when they were ingested: communities, entities and where they lie."""

from collections.abc import Iterable, Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.deps import Limit, ReaderDep, Types
from api.schemas_network import CommunityDetail, CommunityLinkOut, CommunityOut, EdgeOut, MapOut, PlaceOut
from kg.analysis.cooccurrence import Choice
from kg.atlas.atlas import Link, Place
from kg.errors import NotFoundError
from kg.index.incidence import LABELS
from kg.model import Label
from kg.view.concepts import community_names, names_of
from kg.workspace import Reader

router = APIRouter(prefix="/v1/map", tags=["network"])

MinPapers = Annotated[int, Query(ge=1, le=1_000_000, description="Papers that name an entity at least.")]


@router.get("", response_model=MapOut)
def get_map(
    reader: ReaderDep,
    level: Annotated[int, Query(ge=0, le=2, description="0 communities alone, 1 some hundred entities, 2 all.")] = 1,
    types: Types = None,
    min_papers: MinPapers = 1,
) -> Response:
    """The whole corpus at a level of detail. Places and the numbers of communities stay when papers are added."""
    atlas, choice = reader.atlas, Choice(labels=tuple(types or Label), min_papers=min_papers)
    fits = choice.entities(reader.incidence) & (reader.incidence.counts >= min_papers)
    shown = [place for place in atlas.at(level) if fits[place.column]]
    links = atlas.links[level]
    made = MapOut(
        level=level,
        papers=atlas.papers,
        total_nodes=int(fits.sum()),
        total_edges=len(links),
        communities=_communities(reader),
        community_links=[
            CommunityLinkOut(source=a, target=b, papers=papers, weight=weight)
            for a, b, papers, weight in atlas.links[0]
        ],
        nodes=_nodes(reader, shown),
        edges=_edges(reader, shown, links if level else ()),
    )
    return made.answer()


@router.get("/communities/{number}")
def get_community(
    reader: ReaderDep,
    number: Annotated[int, Path(ge=0, le=1_000_000, description="Number of a community on the map.")],
    types: Types = None,
    min_papers: MinPapers = 1,
    limit: Limit = 50,
) -> CommunityDetail:
    """A community with its entities, those in most papers first."""
    found = next((each for each in _communities(reader) if each.number == number), None)
    if found is None:
        raise NotFoundError("community", str(number))
    choice = Choice(labels=tuple(types or Label))
    fits = choice.entities(reader.incidence)
    members = [place for place in reader.atlas.of(number) if fits[place.column] and place.papers >= min_papers]
    shown = members[:limit]
    return CommunityDetail(
        community=found,
        total_nodes=len(members),
        nodes=_nodes(reader, shown),
        edges=_edges(reader, shown, reader.atlas.links[2]),
    )


def _communities(reader: Reader) -> list[CommunityOut]:
    atlas = reader.atlas
    names = names_of(reader, (slug for each in atlas.communities for slug in each.telling))
    called = community_names(reader, atlas)
    return [
        CommunityOut.made(each, called[each.number], names, list(atlas.of(each.number))) for each in atlas.communities
    ]


def _nodes(reader: Reader, places: Sequence[Place]) -> list[PlaceOut]:
    names, labels = names_of(reader, (place.slug for place in places)), reader.incidence.labels
    return [PlaceOut.made(place, names[place.slug], LABELS[labels[place.column]]) for place in places]


def _edges(reader: Reader, shown: Iterable[Place], links: Iterable[Link]) -> list[EdgeOut]:
    """The links that have both ends among what is shown."""
    inside, places = {place.slug for place in shown}, reader.atlas.places
    ends = ((places[a].slug, places[b].slug, papers, weight) for a, b, papers, weight in links)
    return [
        EdgeOut(source=a, target=b, papers=papers, weight=weight)
        for a, b, papers, weight in ends
        if a in inside and b in inside
    ]
