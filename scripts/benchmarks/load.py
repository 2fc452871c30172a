"""Clients that ask one HTTP server as fast as it answers, over connections that stay open; in a process of their own.

    python load.py PORT CONNECTIONS SECONDS < requests.json

``requests.json`` is a list of whole GET requests. One epoll loop, apart from whatever measures, because clients that
cost more than the server would measure themselves. Prints one JSON object.
"""

import json
import selectors
import socket
import subprocess
import sys
import time
from typing import Any

_CHUNKED_END = b"\r\n0\r\n\r\n"


def ask(port: int, requests: list[str], clients: int, seconds: float) -> dict[str, Any]:
    """What this program prints for these requests; ends ours if it breaks off."""
    command = [sys.executable, __file__, str(port), str(clients), str(seconds)]
    done = subprocess.run(  # noqa: S603 - our own program
        command, input=json.dumps(requests), stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        sys.exit("error: the clients broke off; what they said stands above")
    result: dict[str, Any] = json.loads(done.stdout)
    return {name: round(value, 2) if isinstance(value, float) else value for name, value in result.items()}


class Client:
    """One connection with one request under way."""

    def __init__(self, port: int, number: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.next = number
        self.started = 0.0
        self.received = b""

    def ask(self, request: bytes) -> None:
        """Send the next request."""
        self.received = b""
        self.started = time.perf_counter()
        self.socket.sendall(request)

    def finished(self) -> bool:
        """Read what came; whether the answer is whole."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the server closed a connection")
        self.received += data
        head, mark, body = self.received.partition(b"\r\n\r\n")
        if not mark:
            return False
        lowered = head.lower()
        at = lowered.find(b"\r\ncontent-length:")
        if at < 0:
            return self.received.endswith(_CHUNKED_END)
        return len(body) >= int(lowered[at + 17 :].split(b"\r\n", 1)[0])


def main() -> None:
    """Measure and print."""
    port, connections, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    requests = [text.encode() for text in json.load(sys.stdin)]
    step = max(1, len(requests) // connections)
    selector = selectors.DefaultSelector()
    for number in range(connections):
        client = Client(port, number * step)
        selector.register(client.socket, selectors.EVENT_READ, client)
        client.ask(requests[client.next % len(requests)])
    times: list[float] = []
    failures = 0
    begin = time.perf_counter()
    while (now := time.perf_counter()) < begin + seconds:
        for key, _ in selector.select(timeout=1.0):
            client = key.data
            if not client.finished():
                continue
            now = time.perf_counter()
            times.append(now - client.started)
            failures += not client.received.startswith(b"HTTP/1.1 200")
            client.next += 1
            client.ask(requests[client.next % len(requests)])
    times.sort()
    print(
        json.dumps(
            {
                "per_second": len(times) / (now - begin),
                "p50_ms": 1000 * times[len(times) // 2] if times else None,
                "p95_ms": 1000 * times[len(times) * 95 // 100] if times else None,
                "p99_ms": 1000 * times[len(times) * 99 // 100] if times else None,
                "requests": len(times),
                "failures": failures,
            }
        )
    )


if __name__ == "__main__":
    main()
