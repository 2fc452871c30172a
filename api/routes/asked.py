"""Parameters of forms: a field that is left empty asks for nothing."""

from typing import Annotated

from fastapi import Depends, Query
from pydantic import BeforeValidator, Field

from kg.analysis.namings import Chosen, Doing, Order


def _unless_empty(value: object) -> object:
    return None if value == "" else value


Empty = BeforeValidator(_unless_empty)
"""For a parameter that may be sent without a value."""

Words = Annotated[str, Query(max_length=200)]
Year = Annotated[Annotated[int, Field(ge=1, le=9999)] | None, Empty]
Slugged = Annotated[Annotated[str, Field(max_length=200)] | None, Empty]
PageNumber = Annotated[int, Query(ge=1, le=100_000)]
Ordered = Annotated[Order, Query()]


def get_chosen(
    doing: Annotated[Doing | None, Empty, Query(alias="role", description="Papers that do this with it.")] = None,
    year_from: Annotated[Year, Query(alias="from", description="Papers of this year and later.")] = None,
    year_to: Annotated[Year, Query(alias="to", description="Papers of this year and before.")] = None,
    beside: Annotated[Slugged, Query(alias="with", description="Papers that name this entity too, a slug.")] = None,
) -> Chosen:
    """Which of the papers that name an entity."""
    return Chosen(doing, year_from, year_to, beside)


ChosenDep = Annotated[Chosen, Depends(get_chosen)]
