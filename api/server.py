"""The server that runs the application: which connections it takes, and how it stops."""

import asyncio
import os
import socket
import threading
from types import FrameType

import uvicorn

from api import logs
from api.app import create_app
from api.auth import require_safe_address
from api.connections import HEAD_BYTES, Connections
from api.deps import Service
from kg.settings import Settings

IDLE_SECONDS = 15
GRACE_SECONDS = 2.0
"""How long queries may go on when the server was asked to stop."""
STOP_SECONDS = 5
"""When connections that are still open then are cut."""

_TICKS_A_SECOND = 10  # of uvicorn's main loop


class Server(uvicorn.Server):
    """Stops in ``STOP_SECONDS`` and a little: what is quick is finished, what is not is ended and its client told.

    A second signal ends it at once.
    """

    def __init__(self, config: uvicorn.Config, service: Service, connections: Connections) -> None:
        super().__init__(config)
        self._service, self._connections = service, connections

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second by uvicorn."""
        if counter % _TICKS_A_SECOND == 0:
            self._connections.sweep()
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Called by uvicorn for SIGINT and SIGTERM."""
        if self.should_exit:
            # The workers see our end of their pipes close, and end too.
            os._exit(128 + sig)
        # Not in the signal handler itself: it may have interrupted the holder of a lock.
        timer = threading.Timer(GRACE_SECONDS, self._service.close)
        timer.daemon = True
        timer.start()
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Called by uvicorn when it is to stop."""
        asyncio.get_running_loop().call_later(GRACE_SECONDS, self._connections.drop_unfinished)
        await super().shutdown(sockets)


def make_server(settings: Settings) -> Server:
    """A server that is not running yet."""
    app = create_app(settings)
    service: Service = app.state.service
    connections = Connections(
        settings.connections, settings.client_connections, settings.proxies, metrics=service.metrics
    )
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=connections.protocol(),  # type: ignore[arg-type]  # a class, says uvicorn; it only calls it
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the application does it, by KG_PROXIES
        h11_max_incomplete_event_size=2 * HEAD_BYTES,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    return Server(config, service, connections)


def serve(settings: Settings) -> None:
    """Answer requests until SIGINT or SIGTERM; raises StoreError for an address that is not safe as things stand."""
    require_safe_address(settings)
    logs.configure(settings.log)
    make_server(settings).run()
