"""How often each cue of ``kg.extract.relation_cues`` is right on annotated papers."""

from collections.abc import Iterable, Mapping
from itertools import chain

from kg.evaluate.annotations import Annotation
from kg.evaluate.counts import Counts
from kg.evaluate.gold import AnnotatedPaper
from kg.extract.mentions import mention_at
from kg.extract.relation_cues import CUES, HYPONYMS, Cue, cued_pairs
from kg.model import Label, RelationKind

ALL_CUES: tuple[Cue, ...] = (*chain.from_iterable(CUES.values()), *HYPONYMS.values())


def count_cues(papers: Iterable[AnnotatedPaper], annotations: Mapping[str, Annotation]) -> dict[str, Counts]:
    """Name of a cue to its counts over pairs of annotated mentions; wanted are all relations of its kind.

    Papers without an annotation are left out.
    """
    found, right = (dict.fromkeys((cue.name for cue in ALL_CUES), 0) for _ in range(2))
    wanted = dict.fromkeys(RelationKind, 0)
    for each in papers:
        if annotation := annotations.get(each.paper.id):
            for _, _, kind in annotation.relations:
                wanted[kind] += 1
            stated = {(head, tail, kind) for head, tail, kind in annotation.relations}
            for (head, tail, kind), cue in _cued(each, annotation):
                found[cue.name] += 1
                mutual = kind is RelationKind.COMPARED_WITH and (tail, head, kind) in stated
                right[cue.name] += mutual or (head, tail, kind) in stated
    kinds = {cue.name: kind for kind, cues in CUES.items() for cue in cues} | dict.fromkeys(HYPONYMS, RelationKind.IS_A)
    return {name: Counts(found[name], wanted[kinds[name]], right[name], right[name]) for name in found}


def _cued(each: AnnotatedPaper, annotation: Annotation) -> Iterable[tuple[tuple[int, int, RelationKind], Cue]]:
    mentions = [mention_at(each.paper, s.field, s.start, s.end, Label(s.label), score=1.0) for s in each.spans]
    return cued_pairs(mentions, [annotation.roles.get(number) for number in range(len(mentions))])
