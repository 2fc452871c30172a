"""What the service writes to stderr: one line for each request, for a person to read or as JSON for a machine.

No line holds a token, a query, a path that a client made up, or the whole address of a client.
"""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Literal

from api.record import Record, request_id

_access = logging.getLogger("api.access")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def configure(form: Literal["text", "json"]) -> None:
    """Send all logs of this process to stderr, from level INFO on."""
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonLines() if form == "json" else _TextLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)


def tell(record: Record) -> None:
    """Log a request that is over."""
    if not _access.isEnabledFor(logging.INFO):
        return
    # Not by info(), which looks through the stack for a caller that nobody reads.
    line = _access.makeRecord(_access.name, logging.INFO, "", 0, "%s", (_Summary(record),), None)
    line.fields = _fields(record)
    _access.handle(line)


class _Summary:
    """The text of an access line, made only where it is read."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def __str__(self) -> str:
        of = self._record
        parts = [f"{of.status} {of.method} {of.route} {of.seconds * 1000:.1f} ms {of.size:,} B {of.client}"]
        if of.work_seconds:
            parts.append(f"work {of.work_seconds * 1000:.1f} ms")
        if of.truncated:
            parts.append("truncated")
        if of.reason:
            parts.append(of.reason)
        return ", ".join(parts)


def _fields(record: Record) -> dict[str, object]:
    return {
        "method": record.method,
        "route": record.route,
        "status": record.status,
        "ms": round(record.seconds * 1000, 2),
        "work_ms": round(record.work_seconds * 1000, 2),
        "bytes": record.size,
        "client": record.client,
        "truncated": record.truncated,
        "reason": record.reason,
    }


class _JsonLines(logging.Formatter):
    """One object on one line; ``request`` is the id of the request that was being answered."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": _clock(record).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": request_id.get(),
        }
        fields: dict[str, object] | None = getattr(record, "fields", None)
        line.update({"message": record.getMessage()} if fields is None else fields)
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)


class _TextLines(logging.Formatter):
    """Whatever a client put into a message, it stays on its line; a trace is set in from the margin."""

    def format(self, record: logging.LogRecord) -> str:
        message = _CONTROL.sub(_escaped, record.getMessage().rstrip())
        identity = request_id.get()
        end = f" [{identity}]" if identity else ""
        line = f"{_clock(record):%Y-%m-%d %H:%M:%S} {record.levelname:<7} {message}{end}"
        if record.exc_info:
            trace = self.formatException(record.exc_info)
            line += "".join(f"\n    {_CONTROL.sub(_escaped, each)}" for each in trace.splitlines())
        return line


def _clock(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _escaped(match: re.Match[str]) -> str:
    return f"\\x{ord(match[0]):02x}"
