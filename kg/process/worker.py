"""One process that works for clients, seen from the side that asks it."""

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple, TypeAlias, cast

from kg.errors import KgError, WorkBusyError, WorkResourceError, WorkTimeoutError
from kg.process.frames import FRAME, REQUEST, Verdict

_ROOT = Path(__file__).resolve().parents[2]
_CHUNK = 1 << 16
_LOW_PRIORITY = 10
_CPU_OF_ALL_THREADS = 2  # clock_getcpuclockid(3), which Python lacks: ~pid << 3, and which clock

_Register: TypeAlias = Callable[..., object]


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


class Reply(NamedTuple):
    """What a process answered; what did not fit in memory is in ``rest``, a file read from its beginning.

    ``seconds`` is how long processes were busy with it.
    """

    verdict: Verdict
    payload: bytes
    rest: IO[bytes] | None = None
    seconds: float = 0.0


class Worker:
    """One process. Its coroutines belong to the event loop that took it out of the pool."""

    def __init__(self, work: Work, arguments: Sequence[str]) -> None:
        """Start it."""
        self._work = work
        self.stopped_for = ""
        self.gave_way = False
        self._asked_at = 0.0
        # A group of its own, because a priority is set for a group or for one thread, never for a process.
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", work.module, *arguments],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if work.quiet else None,
            cwd=_ROOT,
            process_group=0,
        )
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        for pipe in (self._requests, self._answers):
            os.set_blocking(pipe.fileno(), False)

    @property
    def good(self) -> bool:
        """Nobody stopped it, and it runs as fast as others."""
        return not self.stopped_for and not self.gave_way

    def usable(self) -> bool:
        """Whether it may be asked: it is good and lives."""
        return self.good and self._process.poll() is None

    async def wait_ready(self) -> None:
        """Return once it takes requests; raises ``Work.unusable``, or what ``ask`` raises."""
        reply = await self._exchange(b"", self._work.start_timeout)
        if reply.verdict is not Verdict.READY:
            raise self._work.unusable(reply.payload.decode())

    async def ask(self, request: bytes, seconds: float, *, elapsed: float = 0.0, in_memory: int | None = None) -> Reply:
        """Its answer; past so many seconds it is killed, of which some may have ``elapsed`` before.

        Raises ``Work.timeout`` or ``Work.resource``. Of an answer longer than ``in_memory`` bytes the rest goes
        to a file. After an error or a cancellation the process is of no further use.
        """
        self._asked_at = self._clock()
        return await self._exchange(REQUEST.pack(len(request)) + request, seconds, elapsed, in_memory)

    def used(self) -> float:
        """Seconds of computing since it was asked; where the system does not tell, seconds that went by."""
        return self._clock() - self._asked_at

    def _clock(self) -> float:
        if sys.platform == "linux":
            with contextlib.suppress(OSError):  # it has ended
                return time.clock_gettime(~self._process.pid << 3 | _CPU_OF_ALL_THREADS)
        return time.monotonic()

    def give_way(self) -> None:
        """Let others go first from now on; there is no way back."""
        self.gave_way = True
        with contextlib.suppress(OSError, AttributeError):  # it has ended; a system without priorities
            os.setpriority(os.PRIO_PGRP, self._process.pid, _LOW_PRIORITY)

    def stop(self, reason: str) -> None:
        """Kill it, and say why; whoever waits for its answer sees it end."""
        self.stopped_for = self.stopped_for or reason
        self.kill()

    def kill(self) -> None:
        """End the process; returns at once."""
        self._process.kill()

    def discard(self) -> None:
        """Kill it and give back what it held; may take the time that freeing its memory takes."""
        self.kill()
        self._process.wait()
        self._requests.close()
        self._answers.close()

    async def _exchange(
        self, frame: bytes, seconds: float, elapsed: float = 0.0, in_memory: int | None = None
    ) -> Reply:
        timer = asyncio.get_running_loop().call_later(seconds - elapsed, self.stop, "timeout")
        try:
            await self._write(frame)
            return await self._read_reply(in_memory)
        except (BrokenPipeError, EOFError):
            raise self._failure(seconds) from None
        except OSError as error:
            raise self._work.resource(f"the answer is too long to be kept on disk: {error}") from error
        finally:
            timer.cancel()

    async def _write(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            with contextlib.suppress(BlockingIOError):
                left = left[os.write(self._requests.fileno(), left) :]
                continue
            loop = asyncio.get_running_loop()
            await _until(loop.add_writer, loop.remove_writer, self._requests.fileno())

    async def _read_reply(self, in_memory: int | None) -> Reply:
        got = await self._read()
        while len(got) < FRAME.size:
            got += await self._read()
        verdict, size = FRAME.unpack_from(got)
        chunks, missing = [got[FRAME.size :]], size - len(got) + FRAME.size
        for_disk = 0 if in_memory is None else max(0, size - in_memory)
        while missing > for_disk:
            chunks.append(await self._read())
            missing -= len(chunks[-1])
        rest = await self._read_rest(missing) if missing else None
        return Reply(Verdict(verdict), b"".join(chunks), rest)

    async def _read_rest(self, missing: int) -> IO[bytes]:
        file = cast("IO[bytes]", TemporaryFile())  # noqa: SIM115 - closed by whoever reads it
        try:
            while missing:
                chunk = await self._read()
                file.write(chunk)
                missing -= len(chunk)
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return file

    async def _read(self) -> bytes:
        loop, pipe = asyncio.get_running_loop(), self._answers.fileno()
        await _until(loop.add_reader, loop.remove_reader, pipe)
        if data := os.read(pipe, _CHUNK):
            return data
        raise EOFError

    def _failure(self, seconds: float) -> KgError:
        work = self._work
        code = self._process.wait()
        if self.stopped_for == "timeout":
            return work.timeout(f"the {work.noun} took longer than {seconds:g} s and was stopped")
        return work.resource(work.deaths.get(code, f"the process of the {work.noun} ended with status {code}"))


async def _until(add: _Register, remove: _Register, pipe: int) -> None:
    """Return once the event loop finds the pipe ready."""
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    add(pipe, _settle, ready)
    try:
        await ready
    finally:
        remove(pipe)


def _settle(future: "asyncio.Future[Any]") -> None:
    if not future.done():
        future.set_result(None)
