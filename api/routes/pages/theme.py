"""Light, dark, or as the system has it: a choice that a cookie keeps, so that it holds without a script."""

import re
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

router = APIRouter(include_in_schema=False)

COOKIE = "theme"
THEMES = ("light", "dark")
YEAR = 365 * 24 * 3600
# A path. What browsers would read as another host is none, nor is what they would make such by leaving signs out.
_PATH = re.compile(r"/(?![/\\\\])[^\\\\\s\x00-\x1f\x7f]*")


async def _sent(request: Request) -> dict[str, str]:
    try:
        fields = parse_qs((await request.body()).decode("utf-8"), max_num_fields=4)
    except ValueError as error:
        raise HTTPException(400, "the form cannot be read") from error
    return {name: values[0] for name, values in fields.items()}


@router.post("/theme")
def choose_theme(sent: Annotated[dict[str, str], Depends(_sent)]) -> Response:
    """Keep the choice, or forget it for any other than light and dark; and go back to where it was made."""
    back = sent.get("back", "/")
    answer = RedirectResponse(back if _PATH.fullmatch(back) else "/", 303)
    if sent.get("theme") in THEMES:
        answer.set_cookie(COOKIE, sent["theme"], max_age=YEAR, samesite="lax", httponly=True)
    else:
        answer.delete_cookie(COOKIE, samesite="lax", httponly=True)
    return answer
