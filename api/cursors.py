"""Lists page by page: where one goes on is an opaque text."""

import base64
import json

from fastapi.exceptions import RequestValidationError

from kg.index.hits import PaperHit
from kg.index.search import SearchIndex
from kg.model import Entity, Label


def make_cursor(*position: str | int) -> str:
    """The position of the last item seen."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, *types: type) -> tuple[str | int, ...] | None:
    """The position of ``make_cursor``; raises a validation error (422) for a text that is none."""
    if cursor is None:
        return None
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        position = None
    if not isinstance(position, list) or [type(each) for each in position] != list(types) or not _storable(position):
        raise RequestValidationError(
            [{"loc": ("query", "cursor"), "msg": "is no cursor of this list", "type": "value"}]
        )
    return tuple(position)


def _storable(position: list[str | int]) -> bool:
    """False for numbers over 63 bits and half surrogate pairs, which SQLite cannot take."""
    return all(
        abs(each) < 1 << 63
        if isinstance(each, int)
        else each.isascii() or each == each.encode(errors="ignore").decode()
        for each in position
    )


def page_of_papers(index: SearchIndex, cursor: str | None, limit: int) -> tuple[list[PaperHit], str | None]:
    """Papers by title, and the cursor of the page after, if there is one."""
    after = read_cursor(cursor, str, str)
    found = index.papers(after=(str(after[0]), str(after[1])) if after else None, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], make_cursor(last.title, last.id) if last else None


def page_of_entities(
    index: SearchIndex, cursor: str | None, limit: int, label: Label | None
) -> tuple[list[Entity], str | None]:
    """Entities with most papers first, and the cursor of the page after, if there is one."""
    after = read_cursor(cursor, int, str)
    found = index.entities(label=label, after=(int(after[0]), str(after[1])) if after else None, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], make_cursor(last.papers, last.slug) if last else None
