"""Connections that are too many or too slow are closed; uvicorn by itself would wait for ever.

A client must send the head of a request in time, take its answer at a least rate, and hold no more connections
than its share. Bodies have their own deadline, see ``api.middleware``; idle connections are closed by uvicorn.
"""

import asyncio
import json
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from api.clients import UNKNOWN, client_at
from api.metrics import Metrics
from api.middleware import STRICT_HEADERS

HEAD_SECONDS = 10.0
HEAD_BYTES = 64 << 10
STALL_SECONDS = 15.0
STALL_BYTES = 64 << 10
"""An answer that waits for its client must lose so many bytes in ``STALL_SECONDS``, or all that are left."""
LINGER_SECONDS = 5.0
LINGER_BYTES = 64 << 20
"""What is read, and thrown away, of a body that was refused, so that its client gets to see the refusal."""

_UNSENT_BYTES = 64 << 10


class Connections:
    """The open connections of one server. Belongs to one event loop.

    ``limit`` is for all, ``share`` for those of one client, except for this machine and ``proxies``.
    """

    def __init__(
        self, limit: int, share: int, proxies: Sequence[IPv4Network | IPv6Network] = (), *, metrics: Metrics
    ) -> None:
        self._limit, self._share, self._proxies, self._metrics = limit, share, proxies, metrics
        self._open: set[_Guarded] = set()
        self._by_client: Counter[str] = Counter()

    def protocol(self) -> Callable[..., asyncio.Protocol]:
        """What uvicorn makes of each connection: the HTTP parser that it prefers, guarded."""
        kind: Any = type("GuardedProtocol", (_Guarded, AutoHTTPProtocol), {})
        return partial(kind, guard=self)

    def sweep(self) -> None:
        """Close what is overdue; to be called about once a second."""
        now = asyncio.get_running_loop().time()
        for connection in list(self._open):
            if reason := connection.overdue(now):
                self.note(reason)
                connection.transport.abort()

    def drop_unfinished(self) -> None:
        """Close those whose client has not sent its whole request; a server that stops waits for none of them."""
        for connection in list(self._open):
            if connection.waits_for_client():
                connection.transport.abort()

    def enter(self, connection: "_Guarded", client: str) -> bool:
        """Count a connection in; False if there are too many."""
        over = len(self._open) >= self._limit or (bool(client) and self._by_client[client] >= self._share)
        self._open.add(connection)
        self._by_client[client] += 1
        self._metrics.connections(len(self._open))
        return not over

    def leave(self, connection: "_Guarded", client: str) -> None:
        """Count a connection out."""
        self._open.discard(connection)
        self._by_client[client] -= 1
        if not self._by_client[client]:
            del self._by_client[client]
        self._metrics.connections(len(self._open))

    def note(self, reason: str) -> None:
        """Count a connection that is closed for ``reason``."""
        self._metrics.closed(reason)

    def payer(self, peer: tuple[str, int] | None) -> str:
        """The client whose share a connection counts to; empty for those that have no share."""
        client = client_at(peer[0]) if peer else None
        if peer is None or client is None or client.loopback or client.key == UNKNOWN:
            return ""
        return "" if any(ip_address(peer[0]) in network for network in self._proxies) else client.key


class _Guarded(asyncio.Protocol):
    """One connection, in front of uvicorn's protocol, of which it knows ``cycle``: a request and its answer."""

    transport: asyncio.Transport
    client: tuple[str, int] | None
    cycle: Any

    def __init__(self, *args: Any, guard: Connections, **keywords: Any) -> None:  # noqa: ANN401 - they are uvicorn's
        super().__init__(*args, **keywords)
        self._guard = guard
        self._payer = ""
        self._head_since: float | None = None
        self._head_bytes = 0
        self._lingers = False
        self._unsent: tuple[int, float] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._head_since = self._now()
        self._payer = self._guard.payer(self.client)
        _show_unsent(transport)
        if not self._guard.enter(self, self._payer):
            self._guard.note("too_many")
            self._refuse(503, "too many connections; close some, or try again in a moment")

    def connection_lost(self, exc: Exception | None) -> None:
        self._guard.leave(self, self._payer)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._head_bytes += len(data)
        if self._lingers:
            if self._head_bytes > LINGER_BYTES:
                self.transport.abort()
            return
        if self._head_since is None and not self._busy():
            self._head_since, self._head_bytes = self._now(), len(data)
        super().data_received(data)
        if self._busy():
            self._head_since = None
        elif self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
            self._refuse(431, f"the head of a request may have {HEAD_BYTES:,} bytes; send a long query by POST")

    def on_response_complete(self) -> None:
        """Called by uvicorn when an answer was handed to the transport."""
        super().on_response_complete()  # type: ignore[misc]  # uvicorn's
        if not self._busy() and self.cycle.more_body and not self.transport.is_closing():
            self._linger()

    def send_400_response(self, msg: str) -> None:
        """Called by uvicorn for what is no HTTP."""
        self._refuse(400, msg)

    def overdue(self, now: float) -> str:
        """Why this connection must be closed; empty if it need not."""
        size = self.transport.get_write_buffer_size()
        waited = 0.0 if self._head_since is None else now - self._head_since
        if self._lingers and not size and waited > LINGER_SECONDS:
            return "refused_body"
        if not self._lingers and waited > HEAD_SECONDS:
            return "slow_head"
        if not size:
            self._unsent = None
        elif self._unsent is None or size > self._unsent[0] or self._unsent[0] - size >= STALL_BYTES:
            self._unsent = size, now
        elif now - self._unsent[1] > STALL_SECONDS:
            return "slow_reader"
        return ""

    def waits_for_client(self) -> bool:
        """Whether the rest of a request is still to come."""
        return self._head_since is not None or (self._busy() and self.cycle.more_body)

    def _busy(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _linger(self) -> None:
        """Say no more, and read on for a while: closing at once could reset the connection under the answer."""
        self._unset_keepalive_if_required()  # type: ignore[attr-defined]  # uvicorn's
        self._lingers, self._head_since, self._head_bytes = True, self._now(), 0
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def _refuse(self, status: int, detail: str) -> None:
        """Answer without asking the application, and close."""
        if not self._busy():
            self.transport.write(_answer(status, detail))
        self.transport.close()


def _answer(status: int, detail: str) -> bytes:
    title = HTTPStatus(status).phrase
    body = json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail}).encode()
    headers = {
        **STRICT_HEADERS,
        "Content-Type": "application/problem+json",
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    lines = [f"HTTP/1.1 {status} {title}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _show_unsent(transport: asyncio.BaseTransport) -> None:
    """Keep the kernel from taking in megabytes that the client does not read, which would look like progress."""
    option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
    raw = transport.get_extra_info("socket")
    if option is not None and raw is not None and raw.family in (socket.AF_INET, socket.AF_INET6):
        raw.setsockopt(socket.IPPROTO_TCP, option, _UNSENT_BYTES)
