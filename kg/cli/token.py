"""Commands for the tokens of those who may write through the service."""

import re
import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from kg.cli.output import AsJson, Data, print_json, print_table, say, stderr, workspace
from kg.settings import Settings, load_settings
from kg.tokens import MAX_NAME, Scope, Token, Tokens

_UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_MAX_LIFETIME = 100 * 365 * 86400


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="markdown",
        help="Make, list and revoke the tokens of those who may write through `kg serve`.",
    )
    group.command(
        help="""Make a token and print it, this once: only its hash is kept.

    Scopes: `update` SPARQL Update and the Graph Store; `ingest`; `curate`; `admin` all of them. A running service
    knows it at once. Clients send it as `Authorization: Bearer kg_...`. With `--link` the page to add papers is
    printed instead, which hands the token to the browser that opens it, and to nobody else.

    **Examples**

        kg token create --scope ingest --link
        kg token create --scope update
        kg token create --scope ingest --scope curate --expires 30d --name "nightly job\""""
    )(create)
    group.command("list", help="Show the tokens that were made; their values are kept nowhere.")(list_tokens)
    group.command(
        help="""End a token for good. A running service knows it at once.

    **Examples**

        kg token revoke 1f0c2ab4"""
    )(revoke)
    app.add_typer(group, name="token")


def create(  # noqa: PLR0913, PLR0917 - one option each
    scope: Annotated[list[Scope], typer.Option(help="What it is for; repeat for several.")],
    expires: Annotated[
        str | None, typer.Option(help="When it ends: 12h, 30d, 8w.", metavar="TIME", show_default="never")
    ] = None,
    name: Annotated[str, typer.Option(help="What to call it in the list.", show_default=False)] = "",
    link: Annotated[bool, typer.Option("--link", help="Print the address of the page to add papers, with it.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Revoke those of the same name.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """The value goes to standard output alone, so that it can be piped."""
    if len(name) > MAX_NAME or not (name.isprintable()):
        raise typer.BadParameter(f"at most {MAX_NAME} printable characters", param_hint="--name")
    if link and not {Scope.INGEST, Scope.ADMIN} & set(scope):
        raise typer.BadParameter("the page to add papers wants the scope ingest", param_hint="--link")
    lifetime = _seconds(expires) if expires else None
    tokens = Tokens(workspace(data).path)
    if replace:
        tokens.replace(name)
    token, value = tokens.create(scope, name=name, lifetime=lifetime)
    if as_json:
        print_json({**_as_record(token), "token": value})
        return
    stderr.print(f"token {token.id} for {_scopes(token)}, {_until(token)}; it is shown this once:", soft_wrap=True)
    say(f"{_site(load_settings())}ingest#token={value}" if link else value)


def list_tokens(data: Data = None, as_json: AsJson = False) -> None:
    """Revoked and expired ones are among them."""
    tokens = Tokens(workspace(data).path).list()
    if as_json:
        print_json([_as_record(token) for token in tokens])
    elif tokens:
        rows = [
            [t.id, _scopes(t), t.name, t.state(time.time()), _day(t.created), _day(t.expires), _minute(t.used)]
            for t in tokens
        ]
        print_table(["id", "scopes", "name", "state", "created", "expires", "last used"], rows)
    else:
        say("no token was made yet; make one with: kg token create --scope update")


def revoke(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="Its id in `kg token list`.")], data: Data = None
) -> None:
    """Say which one ended."""
    token = Tokens(workspace(data).path).revoke(token_id)
    say(f"token {token.id} ({_scopes(token)}) is revoked")


def _site(settings: Settings) -> str:
    """Where the service is reached: at the base of ids if that was set, else where ``kg serve`` listens."""
    if "base" in settings.model_fields_set:
        return settings.base
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host  # noqa: S104 - not listened on
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/"


def _seconds(text: str) -> float:
    match = re.fullmatch(r"([1-9][0-9]{0,5})([mhdw])", text.strip())
    if match is None or (seconds := int(match[1]) * _UNITS[match[2]]) > _MAX_LIFETIME:
        raise typer.BadParameter("a number and m, h, d or w, as in 30d", param_hint="--expires")
    return seconds


def _scopes(token: Token) -> str:
    return ", ".join(sorted(token.scopes))


def _until(token: Token) -> str:
    return f"until {_minute(token.expires)}" if token.expires else "without an end"


def _minute(moment: float | None) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M UTC") if moment else ""


def _day(moment: float | None) -> str:
    return _minute(moment)[:10]


def _as_record(token: Token) -> dict[str, object]:
    times = {
        name: datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds") if moment else None
        for name, moment in asdict(token).items()
        if name in ("created", "expires", "used", "revoked")
    }
    scopes = sorted(scope.value for scope in token.scopes)
    return {"id": token.id, "scopes": scopes, "name": token.name, "state": token.state(time.time()), **times}
