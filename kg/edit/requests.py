"""What travels between ``kg.edit.pool`` and its process; knows no store."""

import json
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

from kg.errors import BadQueryError, BadRdfError, KgError, StoreError, StoreLockedError, WorkResourceError
from kg.process.frames import Verdict

OPEN, CLOSE = b"open", b"close"
OUT_OF_MEMORY = "the change needed more memory than it may have and was stopped"

Verb: TypeAlias = Literal["update", "put", "merge", "drop"]
Outcome: TypeAlias = Literal["made", "changed", "missing"]

_REFUSALS: dict[str, type[KgError]] = {
    cls.__name__: cls for cls in (BadQueryError, BadRdfError, StoreLockedError, StoreError)
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``body`` is an update, or a document in ``syntax`` for ``graph`` (empty: the unnamed one).

    ``touched`` are the named graphs that it may change, None for any.
    """

    verb: Verb
    touched: list[str] | None
    body: bytes = b""
    base: str = ""
    graph: str = ""
    syntax: str = ""


def pack_change(change: Change) -> bytes:
    """As the request of a frame."""
    head = {name: value for name, value in asdict(change).items() if name != "body"}
    return json.dumps(head).encode() + b"\n" + change.body


def unpack_change(request: bytes) -> Change:
    """Undo ``pack_change``."""
    head, _, body = request.partition(b"\n")
    return Change(**json.loads(head), body=body)


def refusal(error: KgError) -> tuple[Verdict, bytes]:
    """The frame that tells of an error."""
    name = next(cls.__name__ for cls in type(error).__mro__ if cls.__name__ in _REFUSALS)
    return Verdict.REFUSED, json.dumps([name, str(error)]).encode()


def outcome_of(answer: tuple[Verdict, bytes]) -> str:
    """What a frame answers; raises the error that it tells of."""
    verdict, payload = answer
    if verdict is Verdict.NO_MEMORY:
        raise WorkResourceError(payload.decode())
    if verdict is Verdict.REFUSED:
        name, message = json.loads(payload)
        raise _REFUSALS[name](message)
    return payload.decode()
