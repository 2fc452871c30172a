"""Framed requests on stdin -> framed answers on stdout, in a process that is held in from all sides.

What holds it, and where: no sockets unless they are allowed (seccomp, Linux on x86-64 and arm64), address
space limited to what it uses when idle plus a share (Linux; elsewhere the limit counts from zero or is not
enforced), no core files (POSIX), death with the parent (stdin, everywhere; on Linux also by the kernel).
A system that lacks one goes on without it.
"""

import contextlib
import ctypes
import os
import platform
import signal
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import NoReturn, TypeAlias

from kg.process.frames import FRAME, REQUEST, Verdict

Handler: TypeAlias = Callable[[bytes], tuple[Verdict, bytes]]

_STACK = 64 * 1024 * 1024
_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SECCOMP_MODE_FILTER = 2
_EACCES_ERRNO, _ALLOW, _KILL = 0x0005_0000 | 13, 0x7FFF_0000, 0x8000_0000
# machine -> (AUDIT_ARCH, number of socket(2)); io_uring_setup(2), which could open one too, is 425 on both.
_SYSTEM_CALLS = {"x86_64": (0xC000_003E, 41), "aarch64": (0xC000_00B7, 198)}
_IO_URING_SETUP = 425


class Child:
    """This process, confined from the moment it is made: make it before anything starts threads."""

    def __init__(self, *, network: bool) -> None:
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, signal.SIG_IGN)  # meant for the parent, which may want to finish running work
        if sys.platform == "linux":
            _die_with_parent()
            if not network:
                _deny_network()  # binds this thread and its children
        self._requests = os.fdopen(os.dup(0), "rb")
        self._answers = os.fdopen(os.dup(1), "wb")
        # What others print or read here must not mix with the frames.
        os.dup2(2, 1)
        with Path(os.devnull).open("rb") as nothing:
            os.dup2(nothing.fileno(), 0)

    def refuse(self, reason: str) -> NoReturn:
        """Say that this process cannot work, and end it."""
        self._send(Verdict.FAILED, reason.encode())
        sys.exit(1)

    def serve(self, handler: Handler, memory: int) -> NoReturn:
        """Answer until stdin ends; ``memory`` is what the work may add to what is in use now, in bytes."""
        requests: SimpleQueue[bytes] = SimpleQueue()
        threading.stack_size(_STACK)
        threading.Thread(target=self._work, args=(handler, requests, memory), daemon=True).start()
        # Being free while the other thread works, this one sees the parent go away.
        while len(head := self._requests.read(REQUEST.size)) == REQUEST.size:
            requests.put(self._requests.read(REQUEST.unpack(head)[0]))
        os._exit(0)

    def _work(self, handler: Handler, requests: "SimpleQueue[bytes]", memory: int) -> None:
        try:
            _limit_memory(memory)
            self._send(Verdict.READY)
            while True:
                self._send(*handler(requests.get()))
        except BaseException:
            sys.excepthook(*sys.exc_info())
            raise
        finally:  # a panic of an engine, or a bug: the pool must see the process end
            os._exit(1)

    def _send(self, verdict: Verdict, payload: bytes = b"") -> None:
        self._answers.write(FRAME.pack(verdict.value, len(payload)))
        self._answers.write(payload)
        self._answers.flush()


def _limit_memory(memory: int) -> None:
    try:
        import resource  # POSIX only
    except ImportError:
        return
    used = 0
    with contextlib.suppress(OSError):
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for limit, value in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, used + memory)):
        with contextlib.suppress(ValueError, OSError):  # a lower limit is set already, or none can be
            resource.setrlimit(limit, (value, value))


def _die_with_parent() -> None:
    """Tied to the thread that started us, not the process: the pool starts workers from a lasting one."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _deny_network() -> None:
    """Make socket(2) fail with EACCES; where the kernel or the machine knows no such filter, do nothing."""
    if platform.machine() not in _SYSTEM_CALLS or sys.maxsize < 2**32:
        return
    arch, socket_call = _SYSTEM_CALLS[platform.machine()]
    # (operation, jump if true, jump if false, operand); 0x20 load, 0x15 jump if equal, 0x06 return
    program = [
        (0x20, 0, 0, 4),
        (0x15, 1, 0, arch),
        (0x06, 0, 0, _KILL),
        (0x20, 0, 0, 0),
        (0x15, 1, 0, socket_call),
        (0x15, 0, 1, _IO_URING_SETUP),
        (0x06, 0, 0, _EACCES_ERRNO),
        (0x06, 0, 0, _ALLOW),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    # struct sock_fprog: a count, padding, a pointer to the instructions
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(code)))
    with contextlib.suppress(OSError, AttributeError):
        prctl = ctypes.CDLL(None).prctl
        if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
            prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0)
