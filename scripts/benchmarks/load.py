"""Clients that ask one HTTP server as fast as it answers, over connections that stay open; run by benchmarks.sparql.

    python load.py PORT CONNECTIONS SECONDS < requests.json

``requests.json`` is a list of whole GET requests. One epoll loop in a process of its own, because clients that cost
more than the server would measure themselves. Prints one JSON object.
"""

import json
import selectors
import socket
import sys
import time

_CHUNKED_END = b"\r\n0\r\n\r\n"


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
                "p99_ms": 1000 * times[len(times) * 99 // 100] if times else None,
                "requests": len(times),
                "failures": failures,
            }
        )
    )


if __name__ == "__main__":
    main()
