"""Where a list goes on, as an opaque text."""

import base64
import json

from fastapi.exceptions import RequestValidationError


def make_cursor(*position: str | int) -> str:
    """The position of the last item seen."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, *types: type) -> tuple[str | int, ...] | None:
    """The position of ``make_cursor``; raises a validation error (422) for a text that is none."""
    if cursor is None:
        return None
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        position = None
    if not isinstance(position, list) or [type(each) for each in position] != list(types):
        raise RequestValidationError(
            [{"loc": ("query", "cursor"), "msg": "is no cursor of this list", "type": "value"}]
        )
    return tuple(position)
