"""One process that works for clients, seen from the side that asks it."""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from kg.errors import KgError, WorkBusyError, WorkResourceError, WorkTimeoutError
from kg.process.frames import FRAME, REQUEST, Verdict

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Work:
    """What the processes of a pool run, and how their failures are told.

    ``module`` is run as ``python -m`` and serves by ``kg.process.child``; ``noun`` is what messages call a
    request. ``unusable`` is raised where no process starts within ``start_timeout`` seconds, and ``deaths``
    says what the status of an ended process means. What a ``quiet`` one writes to stderr is lost.
    """

    module: str
    noun: str
    unusable: type[KgError]
    timeout: type[KgError] = WorkTimeoutError
    resource: type[KgError] = WorkResourceError
    busy: type[KgError] = WorkBusyError
    deaths: Mapping[int, str] = field(default_factory=dict)
    start_timeout: float = 30.0
    quiet: bool = False


class Worker:
    """One process. Everything but ``stop`` belongs to the thread that took it out of the pool."""

    def __init__(self, work: Work, arguments: Sequence[str], generation: int) -> None:
        """Start it; ``generation`` is for whoever keeps several."""
        self.generation = generation
        self._work = work
        self._lock = threading.Lock()
        self._asking = self._overran = False
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", work.module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if work.quiet else None,
            cwd=_ROOT,
        )
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)

    def usable(self) -> bool:
        """Whether it may be asked: it lives, and never overran."""
        return not self._overran and self._process.poll() is None

    def wait_ready(self) -> None:
        """Return once it takes requests; raises ``Work.unusable``, or what ``ask`` raises."""
        verdict, payload = self._exchange(b"", self._work.start_timeout)
        if verdict is not Verdict.READY:
            raise self._work.unusable(payload.decode())

    def ask(self, request: bytes, timeout: float) -> tuple[Verdict, bytes]:
        """Its answer; past ``timeout`` seconds it is killed. Raises ``Work.timeout`` or ``Work.resource``."""
        return self._exchange(REQUEST.pack(len(request)) + request, timeout)

    def _exchange(self, frame: bytes, timeout: float) -> tuple[Verdict, bytes]:
        timer = threading.Timer(timeout, self._expire)
        timer.daemon = True
        self._asking = True
        timer.start()
        try:
            self._requests.write(frame)
            self._requests.flush()
            verdict, size = FRAME.unpack(self._read(FRAME.size))
            return Verdict(verdict), self._read(size)
        except (OSError, EOFError):
            raise self._failure(timeout) from None
        finally:
            timer.cancel()
            with self._lock:
                self._asking = False

    def stop(self) -> None:
        """Kill the process; whoever waits for its answer sees it end."""
        self._process.kill()

    def discard(self) -> None:
        """Kill it and give back what it held."""
        self.stop()
        self._process.wait()
        for pipe in (self._requests, self._answers):
            with contextlib.suppress(OSError):  # what was not sent yet has nowhere to go
                pipe.close()

    def _read(self, size: int) -> bytes:
        data = self._answers.read(size)
        if len(data) < size:
            raise EOFError
        return data

    def _expire(self) -> None:
        with self._lock:
            if self._asking:
                self._overran = True
                self.stop()

    def _failure(self, timeout: float) -> KgError:
        work = self._work
        with self._lock:
            if self._overran:
                return work.timeout(f"the {work.noun} took longer than {timeout:g} s and was stopped")
        code = self._process.wait()
        return work.resource(work.deaths.get(code, f"the process of the {work.noun} ended with status {code}"))
