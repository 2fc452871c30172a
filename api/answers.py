"""A query -> the HTTP answer that holds its results."""

from fastapi import Request, Response

from api.deps import Service
from api.metering import metered
from api.protocol import Asked
from kg.query.results import ResultFormat


def answer(request: Request, service: Service, asked: Asked, result_format: ResultFormat) -> Response:
    """Run the query at the cost of the client; raises what ``QueryPool.run`` raises, and BudgetError."""
    with metered(request, service, "query") as meter:
        found = service.pool().run(asked.query, result_format, graphs=asked.graphs)
        meter.seconds, meter.truncated = found.seconds, found.truncated
    headers = {
        "X-KG-Truncated": "true" if found.truncated else "false",
        "X-KG-Seconds": f"{found.seconds:.3f}",
        "Vary": "Accept",
    }
    return Response(found.body, media_type=found.media_type, headers=headers)
