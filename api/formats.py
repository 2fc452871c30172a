"""Which form a query is answered in: the one that its address names, else what Accept likes best."""

from typing import Literal, NamedTuple, TypeAlias

from fastapi import HTTPException

from api.forms import bare
from api.negotiate import best_match
from kg.query.guard import QueryForm
from kg.query.results import ResultFormat

HTML = "text/html"

# Names that clients have for a format beside its own. They are answered by the name that was asked for.
_COUSINS = {
    ResultFormat.JSON: ("application/json",),
    ResultFormat.XML: ("application/xml", "text/xml"),
    ResultFormat.NTRIPLES: ("text/plain",),
    ResultFormat.RDFXML: ("application/xml", "text/xml"),
    ResultFormat.JSONLD: ("application/json",),
}
# The bare word that answers ASK is plain text too.
_WORD = {"text/plain": ResultFormat.TSV}

Named: TypeAlias = ResultFormat | Literal["html"]
"""What ``?format=`` may say: a page, or a format of answers."""


class Choice(NamedTuple):
    """A format and the Content-Type to send it under."""

    result_format: ResultFormat
    media_type: str


def types_of(form: QueryForm) -> dict[str, ResultFormat]:
    """The media types that can hold an answer, the preferred first."""
    formats = [each for each in ResultFormat if each.is_graph == form.gives_graph]
    types = {bare(each): each for each in formats}
    for each in formats:
        types |= dict.fromkeys(_COUSINS.get(each, ()), each)
    return types | _WORD if form is QueryForm.ASK else types


def choose(form: QueryForm, named: Named | None, accept: str | None) -> Choice | None:
    """The format to answer in, None for a page; raises HTTPException 406 where Accept likes none."""
    if named is not None:
        return None if named == "html" else Choice(named, named.media_type)
    types = types_of(form)
    best = best_match(accept, (*types, HTML))
    if best is None:
        raise HTTPException(406, f"this query can be answered as {', '.join((*types, HTML))}")
    return None if best == HTML else Choice(types[best], _full(best, types[best]))


def prefers_page(named: Named | None, accept: str | None) -> bool:
    """Whether a page is wanted whatever the form of the query: of one that cannot be read, the form is unknown."""
    if named is not None:
        return named == "html"
    every = {media for form in QueryForm for media in types_of(form)}
    return best_match(accept, (*every, HTML)) == HTML


def _full(media: str, result_format: ResultFormat) -> str:
    if bare(result_format) == media:
        return result_format.media_type
    return f"{media}; charset=utf-8" if media.startswith("text/") else media
