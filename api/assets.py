"""Styles and scripts of the pages, at addresses with a hash of what is in them, so browsers may keep them for good."""

import hashlib
from functools import lru_cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).resolve().parent / "static"
_FOR_GOOD = "public, max-age=31536000, immutable"


def asset(name: str) -> str:
    """The address of a file below ``static``. Raises FileNotFoundError where there is none: the page is a defect."""
    file = STATIC / name
    return f"/static/{name}?v={_hash(file, file.stat().st_mtime_ns)}"


def built(name: str) -> str | None:
    """The address of a file that ``scripts/build_ui`` made, or None where it was not run: pages then do without."""
    try:
        return asset(f"built/{name}")
    except FileNotFoundError:
        return None


@lru_cache(maxsize=256)
def _hash(file: Path, _changed: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


class Assets(StaticFiles):
    """Static files; those asked for by the hash of what is in them are never asked for again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long to keep it."""
        response = await super().get_response(path, scope)
        if response.status_code == 200 and scope["query_string"].startswith(b"v="):
            response.headers["Cache-Control"] = _FOR_GOOD
        return response
