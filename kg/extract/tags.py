"""What the network tells apart, each by its number in these tuples; the first always means "nothing"."""

from kg.model import Label, RelationKind, Role

TAGS = ("O", *(f"{prefix}-{label.value}" for label in Label for prefix in "BI"))
ROLES: tuple[Role | None, ...] = (None, *Role)
KINDS: tuple[RelationKind | None, ...] = (None, *RelationKind)

_METHOD = frozenset({Label.METHOD})
FITTING: dict[Role, frozenset[Label]] = {
    Role.PROPOSES: frozenset(Label),
    Role.USES: _METHOD,
    Role.COMPARES: _METHOD,
    Role.EVALUATES: frozenset({Label.DATASET}),
    Role.ADDRESSES: frozenset({Label.TASK}),
    Role.REPORTS: frozenset({Label.METRIC}),
}
"""Labels that an entity of each role may have."""
