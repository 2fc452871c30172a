"""What is worked out over all papers → tables: paths, trends, gaps, companions, comparisons."""

from collections.abc import Iterable, Iterator

from kg.analysis.company import Company
from kg.analysis.comparison import Comparison
from kg.analysis.gaps import Gap
from kg.analysis.paths import Ways
from kg.analysis.sightings import Sighting
from kg.analysis.trends import Timeline, Trends
from kg.model import Entity
from kg.view.tables import Cell, Table


def ways_table(found: Ways) -> Table:
    """A row for each hop of each path, both counted from 1."""
    columns = ("path", "cost", "hop", "paper", "title", "entity", "name", "role", "confidence", "sentence")
    rows = (
        (number, way.cost, at, *_paper(hop.sighting), hop.entity.slug, hop.entity.name, *_said(hop.sighting))
        for number, way in enumerate(found.ways, 1)
        for at, hop in enumerate(way.hops, 1)
    )
    return Table(columns, rows)


def years_table(found: Timeline) -> Table:
    """A row for each year."""
    columns = ("year", "papers", "total", "share", "low", "high")
    return Table(columns, ((y.year, y.papers, y.total, y.share, y.low, y.high) for y in found.years))


def trends_table(found: Trends) -> Table:
    """A row for each entity, and a column for the papers of each year that has any."""
    years = [each.year for each in found.trends[0].years] if found.trends else []
    columns = ("id", "name", "type", "papers", "growth", "low", "high", "false_rate", *map(str, years))
    rows = (
        (*_entity(t.entity), t.papers, t.growth, t.low, t.high, t.false_rate, *(year.papers for year in t.years))
        for t in found.trends
    )
    return Table(columns, rows)


def gaps_table(found: Iterable[Gap]) -> Table:
    """A row for each gap."""
    measures = ("expected", "chance", "rate", "base", "siblings", "tried", "papers")
    rows = (
        (
            *(gap.method.slug, gap.method.name, gap.task.slug, gap.task.name),
            *(getattr(gap, name) for name in measures),
            "; ".join(f"{trial.sibling.name} ({trial.papers})" for trial in gap.trials),
        )
        for gap in found
    )
    return Table(("method", "method_name", "task", "task_name", *measures, "trials"), rows)


def company_table(found: Company) -> Table:
    """A row for each companion."""
    columns = ("id", "name", "type", "papers", "association", "of")
    rows = ((*_entity(c.entity), c.papers, c.association, c.entity.papers) for c in found.companions)
    return Table(columns, rows)


def comparison_table(found: Comparison) -> Table:
    """A row for each paper, and for each entity a column: the paper's role for it, "names" where it has none."""
    names = [f"{column.entity.name} ({column.entity.label.value})" for column in found.columns]
    rows = (
        (paper.id, paper.title, paper.year, *(role_in(column.cells[at]) for column in found.columns))
        for at, paper in enumerate(found.papers)
    )
    return Table(("id", "title", "year", *names), rows)


def role_in(cell: Sighting | None) -> str | None:
    """What a cell of a comparison says in one word."""
    return (cell.role.value if cell.role else "names") if cell else None


def _entity(entity: Entity) -> Iterator[Cell]:
    yield entity.slug
    yield entity.name
    yield entity.label.value


def _paper(sighting: Sighting) -> Iterator[Cell]:
    yield sighting.paper.id
    yield sighting.paper.title


def _said(sighting: Sighting) -> Iterator[Cell]:
    yield sighting.role.value if sighting.role else None
    yield sighting.confidence
    yield sighting.evidence.sentence if sighting.evidence else None
