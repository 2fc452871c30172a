"""Papers to mentions: the trained pipeline, then the rules. The only user of spaCy's results."""

import bisect
import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kg.errors import ExtractionError
from kg.extract import rules
from kg.extract.abbreviations import Definition, find_definitions
from kg.extract.mentions import MAX_CONTEXT
from kg.extract.rules import Found
from kg.extract.tagger import SPANS_KEY, TAGS
from kg.model import Extraction, Field, Label, Mention, Paper

RULES_VERSION = "4"

# spaCy's tokenizer strips signs one by one, in quadratic time: 45,000 of them in a row took seven minutes.
_ROW_OF_SIGNS = re.compile(r"(?:['\u2019]s|[^\w\s]|_){200,}", re.IGNORECASE)


class SpacyExtractor:
    """The ``Extractor`` over a pipeline in a folder, see ``kg.extract.training``."""

    name = "spacy-tagger"

    def __init__(self, model: Path) -> None:
        """Load the pipeline; raises ExtractionError where the folder holds none that fits."""
        self._model = model
        try:
            self._nlp: Language = spacy.load(model)
        except (OSError, ValueError, KeyError) as error:
            raise ExtractionError(f"{model} holds no pipeline of ours: {error}") from error
        if missing := {"sentencizer", "mention_tagger"}.difference(self._nlp.pipe_names):
            raise ExtractionError(f"{model} holds no pipeline of ours: it has no {' and no '.join(sorted(missing))}")
        if set(getattr(self._nlp.get_pipe("mention_tagger"), "labels", ())) != set(TAGS):
            raise ExtractionError(f"{model} holds no pipeline of ours: it was trained for other labels")

    @cached_property
    def version(self) -> str:
        """Pipeline version, rules version and a hash of the weights."""
        weights = hashlib.sha256()
        for file in sorted(path for path in self._model.rglob("*") if path.is_file() and path.suffix != ".md"):
            weights.update(file.name.encode() + b"\0" + file.read_bytes())
        return f"{self._nlp.meta['version']}+rules.{RULES_VERSION}.{weights.hexdigest()[:12]}"

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        """Every paper once, in order; see the protocol."""
        pairs = ((self._legible(paper, field), (paper, field)) for paper in papers for field in Field)
        docs: dict[Field, Doc] = {}
        for doc, (paper, field) in self._nlp.pipe(pairs, as_tuples=True, batch_size=32):
            docs[field] = doc
            if field is Field.ABSTRACT:
                yield _read(paper, docs)
                docs = {}

    def _legible(self, paper: Paper, field: Field) -> str:
        """The text as the pipeline reads it: rows of signs are blanked, which moves no offset."""
        text = paper.text(field)
        if len(text) > self._nlp.max_length:
            raise ExtractionError(
                f"{field} of {paper.id} has {len(text):,} characters; {self._nlp.max_length:,} can be read"
            )
        return _ROW_OF_SIGNS.sub(lambda row: " " * len(row[0]), text)


def _read(paper: Paper, docs: dict[Field, Doc]) -> Extraction:
    texts = {field: paper.text(field) for field in Field}
    definitions = {field: list(find_definitions(text)) for field, text in texts.items()}
    aliases = {d.short: d.long for found in definitions.values() for d in found}
    spans = [span for field, doc in docs.items() for span in _model_spans(field, doc)]
    spans = rules.without_overlaps(spans)
    spans += _defined(spans, definitions)
    spans += _named_in_title(texts[Field.TITLE])
    spans = rules.without_overlaps(spans)
    spans = rules.without_overlaps([*spans, *rules.repeats(spans, texts)])
    spans = rules.one_label_per_name(spans, aliases)
    starts = {field: [sent.start_char for sent in doc.sents] for field, doc in docs.items()}
    return Extraction(
        paper,
        tuple(_mention(span, texts[span.field], starts[span.field]) for span in spans),
        tuple(sorted((long, short) for short, long in aliases.items())),
        rules.find_system(spans, texts, definitions),
    )


def _model_spans(field: Field, doc: Doc) -> Iterator[Found]:
    group, source = doc.spans[SPANS_KEY], doc.text
    for span, score in zip(group, group.attrs["scores"], strict=True):
        start, end = rules.whole_words(source, span.start_char, span.end_char)
        text = source[start:end]
        if score >= rules.MIN_SCORE and not rules.is_fragment(text):
            yield Found(field, start, end, text, Label(span.label_), score)


def _defined(spans: list[Found], definitions: dict[Field, list[Definition]]) -> Iterator[Found]:
    """Both halves of each definition, labelled as the half that the model found."""
    for field, found in definitions.items():
        for d in found:
            halves = {(d.start, d.end): d.long, (d.short_start, d.short_end): d.short}
            known = [s for s in spans if s.field is field and (s.start, s.end) in halves]
            if not known:
                continue
            best = max(known, key=lambda s: (s.score, s))
            for (start, end), text in halves.items():
                if not rules.is_fragment(text):
                    yield Found(field, start, end, text, best.label, best.score, "abbreviation")


def _named_in_title(title: str) -> Iterator[Found]:
    if name := rules.title_name(title):
        start = title.index(name)
        yield Found(Field.TITLE, start, start + len(name), name, rules.name_label(title), 0.9, "title-name")


def _mention(span: Found, source: str, starts: list[int]) -> Mention:
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
