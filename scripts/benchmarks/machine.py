"""The machine that is measured on: which cores are used, what memory was, what it is."""

import os
import platform
import re
import resource
import sys
from pathlib import Path


class SkippedError(Exception):
    """Why something cannot be measured here."""


def use_cores(number: int) -> None:
    """Keep this process and its children to so many cores, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:number])


def peak_memory() -> float:
    """The most memory that this process ever held, in megabytes, and each child that still runs; shared parts of
    children count again.
    """  # noqa: D205 - one sentence
    if not Path("/proc/self/status").exists():
        unit = 1 if sys.platform == "darwin" else 1024
        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6, 1)
    return round(sum(map(_high_water, [os.getpid(), *_children(os.getpid())])), 1)


def memory() -> float:
    """The memory that this process holds now, in megabytes; where that cannot be told, the most it ever held."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return peak_memory()
    return int(statm.read_text(encoding="utf-8").split()[1]) * resource.getpagesize() / 1e6


def describe(cores: int) -> dict[str, object]:
    """What numbers of this run may be compared with."""
    info = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.*)", info.read_text(encoding="utf-8")) if info.exists() else None
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return {
        "cpu": model[1] if model else platform.processor() or platform.machine(),
        "cores": min(cores, allowed),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
    }


def _children(process: int) -> list[int]:
    found = []
    for file in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, file.read_text(encoding="utf-8").split()):
            found += [child, *_children(child)]
    return found


def _high_water(process: int) -> float:
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:  # it has ended
        return 0.0
    peak = re.search(r"VmHWM:\s*(\d+) kB", status)
    return int(peak[1]) * 1024 / 1e6 if peak else 0.0
