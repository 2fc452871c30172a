"""Jinja pages: autoescaped, and without a line of script or style inside."""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.addresses import entities_path, entity_path, paper_path
from api.assets import asset, built
from kg.analysis.phrasing import other_names
from kg.query.catalogue import in_words
from kg.view.charts import in_percent

_HERE = Path(__file__).resolve().parent


def day(moment: datetime) -> str:
    """The date as people write it."""
    return f"{moment.day} {moment:%B %Y}"


def is_weblink(address: str | None) -> bool:
    """Whether it may stand in a link: texts of others may hold any scheme."""
    return bool(address) and urlsplit(address).scheme in ("http", "https")


def host(address: str) -> str:
    """Where a link leads, in short."""
    return urlsplit(address).netloc.removeprefix("www.")


def here(request: Request) -> str:
    """The address of a page on this site, as it was asked for."""
    path, query = request.scope["raw_path"].decode("ascii"), request.scope["query_string"].decode("ascii", "replace")
    return f"{path}?{query}" if query else path


_environment = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {
    "words": in_words,
    "day": day,
    "host": host,
    "address": entity_path,
    "paper_address": paper_path,
    "list_address": entities_path,
    "percent": in_percent,
    "other_names": other_names,
}
_environment.tests["weblink"] = is_weblink
_environment.globals |= {"asset": asset, "built": built, "here": here}
_templates = Jinja2Templates(env=_environment)


def page(
    request: Request, name: str, *, status: int = 200, headers: dict[str, str] | None = None, **context: object
) -> Response:
    """The page of a template; a variable that it misses is an error, not a gap."""
    return _templates.TemplateResponse(request, name, context, status_code=status, headers=headers)
