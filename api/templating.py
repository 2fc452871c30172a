"""Jinja pages: autoescaped, and without a line of script or style inside."""

from pathlib import Path

from fastapi import Request, Response
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.addresses import entities_path, entity_path, paper_path
from api.assets import asset, built
from kg.query.catalogue import in_words

_HERE = Path(__file__).resolve().parent

_environment = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {
    "words": in_words,
    "address": entity_path,
    "paper_address": paper_path,
    "list_address": entities_path,
}
_environment.globals |= {"asset": asset, "built": built}
_templates = Jinja2Templates(env=_environment)


def page(
    request: Request, name: str, *, status: int = 200, headers: dict[str, str] | None = None, **context: object
) -> Response:
    """The page of a template; a variable that it misses is an error, not a gap."""
    return _templates.TemplateResponse(request, name, context, status_code=status, headers=headers)
