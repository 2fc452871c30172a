"""Papers by field and by time, so that an extractor can be seen to fail in one of them."""

import re
from enum import StrEnum

from kg.evaluate.evaluation import Evaluation
from kg.model import Paper

YEARS = 5

_VENUES = {
    "NLP": "ACL NAACL EACL AACL EMNLP CONLL COLING TACL COLM LREC",
    "vision": "CVPR ICCV ECCV WACV ACCV BMVC 3DV",
    "ML": "NIPS NEURIPS ICML ICLR AISTATS UAI COLT ALT ACML AUTOML TMLR JMLR",
    "robotics": "ICRA IROS RSS CORL",
    "AI": "AAAI IJCAI ECAI JAIR",
}
_GROUP = {venue: group for group, venues in _VENUES.items() for venue in venues.split()}
_OTHER = "other"
_UNKNOWN = "unknown"


class By(StrEnum):
    """What papers can be grouped by."""

    VENUE = "venue"
    YEAR = "year"


def group(evaluation: Evaluation, by: By) -> dict[str, Evaluation]:
    """The evaluation of each group that has papers: venue groups in a fixed order, or bands of five years."""
    name = venue_group if by is By.VENUE else year_band
    held: dict[str, list[int]] = {}
    for i, paper in enumerate(evaluation.papers):
        held.setdefault(name(paper.gold.paper), []).append(i)
    order = [*_VENUES, *sorted(held.keys() - {*_VENUES, _OTHER, _UNKNOWN}), _OTHER, _UNKNOWN]
    return {each: Evaluation(tuple(evaluation.papers[i] for i in held[each])) for each in order if each in held}


def venue_group(paper: Paper) -> str:
    """The field of the first conference or journal that the venue names, like ``NLP`` for "ACL 2020"."""
    if not paper.venue:
        return _UNKNOWN
    words = re.findall(r"[A-Z0-9]+", paper.venue.upper())
    return next((_GROUP[word] for word in words if word in _GROUP), _OTHER)


def year_band(paper: Paper) -> str:
    """The five years that the paper's year is in, like ``2020-2024``."""
    if paper.year is None:
        return _UNKNOWN
    first = paper.year - paper.year % YEARS
    return f"{first}-{first + YEARS - 1}"
