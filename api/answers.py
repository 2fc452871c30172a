"""A query -> the HTTP answer that holds its results."""

from fastapi import Request, Response

from api.deps import Service
from api.protocol import Asked
from kg.query.results import ResultFormat


def answer(request: Request, service: Service, asked: Asked, result_format: ResultFormat) -> Response:  # noqa: ARG001
    """Run the query; raises what ``QueryPool.run`` raises."""
    found = service.pool().run(asked.query, result_format, graphs=asked.graphs)
    headers = {
        "X-KG-Truncated": "true" if found.truncated else "false",
        "X-KG-Seconds": f"{found.seconds:.3f}",
        "Vary": "Accept",
    }
    return Response(found.body, media_type=found.media_type, headers=headers)
