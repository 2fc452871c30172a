"""What links two papers."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import ReaderDep
from api.schemas_related import LinkOut
from kg.analysis.links import link

router = APIRouter(prefix="/v1/link", tags=["papers"])

End = Annotated[str, Query(min_length=1, max_length=200, description="Id of a paper, like arxiv-1706.03762.")]


@router.get("")
def link_of_papers(reader: ReaderDep, a: End, b: End) -> LinkOut:
    """Two papers side by side: what they share with its weights and sentences of both, and what is said between."""
    return LinkOut.explained(link(reader, a, b))
