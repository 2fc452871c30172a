"""Who may write: bearer tokens (RFC 6750), in the Authorization header alone."""

import ipaddress
import time

from fastapi import Request

from api.deps import Service
from kg.errors import AccessError, BadTokenError, NoTokenError, StoreError
from kg.settings import Settings
from kg.tokens import Scope, Token, Tokens

_NO_TOKENS = (
    "nothing can be written here: no write route answers until a token exists; "
    "make one on the server with: kg token create --scope {scope}"
)


def authorize(request: Request, service: Service, scope: Scope) -> Token:
    """The token that lets this request write; raises an heir of AccessError. Reads the headers alone."""
    tokens = _writable(service.settings, scope)
    headers = request.headers.getlist("authorization")
    if not headers:
        raise NoTokenError("writing needs a token: send it as Authorization: Bearer kg_...")
    scheme, _, value = headers[0].partition(" ")
    if len(headers) > 1 or scheme.lower() != "bearer" or not value.strip():
        raise BadTokenError("send one header Authorization: Bearer kg_...")
    return tokens.check(value.strip(), scope)


def permitted(service: Service, scope: Scope, value: str) -> Token:
    """The token of this value, as a form sends it, if it lets its bearer write; raises an heir of AccessError."""
    tokens = _writable(service.settings, scope)
    if not value.strip():
        raise NoTokenError("writing needs a token: put it into the field for it")
    return tokens.check(value.strip(), scope)


def writable(settings: Settings, scope: Scope) -> bool:
    """Whether there is a good token that lets its bearer write here."""
    if settings.writes == "off":
        return False
    now = time.time()
    return any(token.state(now) == "active" and token.allows(scope) for token in Tokens(settings.data).list())


def _writable(settings: Settings, scope: Scope) -> Tokens:
    if settings.writes == "off":
        raise AccessError("nothing can be written through this service: it runs with KG_WRITES=off")
    tokens = Tokens(settings.data)
    if not tokens.list():
        raise AccessError(_NO_TOKENS.format(scope=scope))
    return tokens


def require_safe_address(settings: Settings) -> None:
    """Raise StoreError for an address beyond this machine where writes are on and nobody has a token yet."""
    if settings.writes == "off" or _is_loopback(settings.host) or Tokens(settings.data).list():
        return
    raise StoreError(
        f"{settings.host} can be reached from other machines, and nobody has a token to write: "
        "make one with: kg token create --scope update, or set KG_WRITES=off to serve for reading alone"
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
