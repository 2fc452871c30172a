"""Papers to mentions: the trained pipeline, then the rules. The only user of spaCy's results."""

import bisect
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kg.errors import ExtractionError
from kg.extract.decoding import log_softmax
from kg.extract.encoder import Reading
from kg.extract.gazetteer import Gazetteer, shipped_gazetteer
from kg.extract.introduced import find_system
from kg.extract.mentions import MAX_CONTEXT
from kg.extract.relation_cues import find_cues
from kg.extract.relations import find_relations
from kg.extract.roles import Floats, assign_roles, likely_roles
from kg.extract.spans import Found
from kg.extract.steps import Context, Decision, decisions, run_steps
from kg.extract.tagger import READING_KEY, SPANS_KEY, MentionTagger
from kg.extract.tags import ROLES
from kg.model import Extraction, Field, Label, Mention, Paper, RelationKind, Role

RULES_VERSION = "6"
TITLE_END = "\n\n"
"""Stands between title and abstract in what the pipeline reads: the encoder takes it for the end of the title."""

# Each sign is a word; a page of them would take seconds and say nothing.
_ROW_OF_SIGNS = re.compile(r"(?:['\u2019]s|[^\w\s]|_){200,}", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n\s*\n")


class Text(NamedTuple):
    """A paper as the pipeline reads it; ``begins`` says where each field begins."""

    joined: str
    begins: Mapping[Field, int]


class SpacyExtractor:
    """The ``Extractor`` over a pipeline in a folder, see ``kg.training``."""

    name = "spacy-onnx-tagger"

    def __init__(
        self, model: Path, gazetteer: Gazetteer | None = None, *, without: frozenset[str] = frozenset()
    ) -> None:
        """Load the pipeline; raises ExtractionError where the folder holds none that fits.

        ``gazetteer`` are names known beforehand, those that come with paperkg unless given; ``without`` are steps of
        ``kg.extract.steps`` that are left out.
        """
        self._model = model
        self._gazetteer = shipped_gazetteer() if gazetteer is None else gazetteer
        self._without = without
        try:
            self._nlp: Language = spacy.load(model)
        except (OSError, ValueError, KeyError) as error:
            raise ExtractionError(f"{model} holds no pipeline of ours: {error}") from error
        if missing := {"paper_sentences", "mention_tagger"}.difference(self._nlp.pipe_names):
            raise ExtractionError(f"{model} holds no pipeline of ours: it has no {' and no '.join(sorted(missing))}")
        self._tagger = cast("MentionTagger", self._nlp.get_pipe("mention_tagger"))

    @cached_property
    def version(self) -> str:
        """Pipeline version, rules version, and hashes of the weights and of the names known beforehand."""
        weights = hashlib.sha256()
        for file in sorted(path for path in self._model.rglob("*") if path.is_file() and path.suffix != ".md"):
            weights.update(file.name.encode() + b"\0" + file.read_bytes())
        rules = ".".join((f"rules.{RULES_VERSION}", *sorted(self._without)))
        return f"{self._nlp.meta['version']}+{rules}.{weights.hexdigest()[:12]}.{self._gazetteer.digest}"

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        """Every paper once, in order; see the protocol."""
        for extraction, _ in self.read_in_steps(papers):
            yield extraction

    def explain(self, paper: Paper) -> tuple[Extraction, list[Decision]]:
        """The extraction, and what became of everything that the model or a rule took for a mention."""
        [(extraction, stages)] = self.read_in_steps([paper])
        return extraction, decisions(stages)

    def read_in_steps(self, papers: Iterable[Paper]) -> Iterator[tuple[Extraction, list[tuple[str, list[Found]]]]]:
        """Each extraction with the spans after each step, as ``run_steps`` gives them."""
        pairs = ((text.joined, (paper, text)) for paper in papers if (text := self._text(paper)))
        for doc, (paper, text) in self._nlp.pipe(pairs, as_tuples=True):
            context = Context(paper, self._gazetteer)
            stages = list(run_steps(_model_spans(text, doc, context), context, self._without))
            yield self._extraction(context, text, doc, stages[-1][1]), stages

    def _text(self, paper: Paper) -> Text:
        """The text as the pipeline reads it: blanks take the place of what it must not see, which moves no offset."""
        fields = {}
        for field in Field:
            text = paper.text(field)
            if len(text) > self._nlp.max_length // 2:
                raise ExtractionError(
                    f"{field} of {paper.id} has {len(text):,} characters; {self._nlp.max_length // 2:,} can be read"
                )
            text = _BLANK_LINE.sub(lambda gap: " " * len(gap[0]), text)
            fields[field] = _ROW_OF_SIGNS.sub(lambda row: " " * len(row[0]), text)
        title, abstract = fields[Field.TITLE], fields[Field.ABSTRACT]
        # What is missing has no end: so the encoder was trained.
        between = TITLE_END if title and abstract else ""
        begins = {Field.TITLE: 0, Field.ABSTRACT: len(title) + len(between)}
        return Text(title + between + abstract, begins)

    def _extraction(self, context: Context, text: Text, doc: Doc, spans: list[Found]) -> Extraction:
        reading = cast("Reading", doc.user_data[READING_KEY])
        places = [
            _words(reading, text.begins[span.field] + span.start, text.begins[span.field] + span.end) for span in spans
        ]
        likely = [_probabilities(reading.roles[begin:behind]) for begin, behind in places]
        proposing = {
            (span.field, span.start): float(each[:, ROLES.index(Role.PROPOSES)].mean())
            for span, each in zip(spans, likely, strict=True)
        }
        system = find_system(spans, context.texts, context.definitions, known=self._gazetteer, proposed=proposing)
        starts = _sentence_starts(text, doc)
        plain = [_mention(span, context.texts[span.field], starts[span.field]) for span in spans]
        roles = likely_roles(plain, likely, context.long_forms, system)
        mentions = assign_roles(plain, roles, {role: self._tagger.settings[role] for role in Role})
        relations = find_relations(
            mentions,
            places,
            reading,
            self._tagger.encoder.pairs,
            find_cues(mentions, roles),
            {kind: self._tagger.settings[kind] for kind in RelationKind},
        )
        aliases = tuple(sorted((long, short) for short, long in context.long_forms.items()))
        return Extraction(context.paper, tuple(mentions), aliases, system, tuple(relations))


def _model_spans(text: Text, doc: Doc, context: Context) -> Iterator[Found]:
    group, at = doc.spans[SPANS_KEY], text.begins[Field.ABSTRACT]
    for span, score in zip(group, group.attrs["scores"], strict=True):
        field = Field.ABSTRACT if span.start_char >= at else Field.TITLE
        begin = text.begins[field]
        start, end = span.start_char - begin, span.end_char - begin
        # What crosses the end of the title is no name.
        if end <= len(context.texts[field]):
            yield Found(field, start, end, context.texts[field][start:end], Label(span.label_), score)


def _words(reading: Reading, start: int, end: int) -> tuple[int, int]:
    """Numbers of the first word that the characters touch, and of the one behind the last."""
    words = reading.words
    return bisect.bisect_right(words.ends, start), bisect.bisect_left(words.starts, end)


def _probabilities(logits: Floats) -> Floats:
    return cast("Floats", np.exp(log_softmax(logits)))


def _sentence_starts(text: Text, doc: Doc) -> dict[Field, list[int]]:
    """Offsets in each field at which sentences begin, 0 among them."""
    at = text.begins[Field.ABSTRACT]
    starts: dict[Field, list[int]] = {field: [0] for field in Field}
    for token in doc:
        if token.is_sent_start and token.idx not in (0, at):
            field = Field.ABSTRACT if token.idx > at else Field.TITLE
            starts[field].append(token.idx - text.begins[field])
    return starts


def _mention(span: Found, source: str, starts: Sequence[int]) -> Mention:
    at = bisect.bisect_right(starts, span.start) - 1
    begin = starts[at]
    # A sentence goes on as long as a mention crosses its end: the splitter was wrong there.
    end = next((s for s in starts[at + 1 :] if s >= span.end), len(source))
    # Text without full stops, as of lists, is one endless sentence: keep what stands around the mention.
    begin = max(begin, span.start - MAX_CONTEXT)
    end = min(end, span.end + MAX_CONTEXT)
    sentence = source[begin:end].rstrip()
    return Mention(
        span.field,
        span.start,
        span.end,
        source[span.start : span.end],
        span.label,
        max(round(span.score, 3), 0.001),
        sentence,
        begin,
        span.rule,
    )
