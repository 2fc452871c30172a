"""Closed vocabulary, generated from ontology/kg.ttl by scripts/generate_vocab: do not edit."""

from typing import Final

from rdflib import URIRef

NS: Final = "https://w3id.org/paperkg/ns#"

# One term a line, however long its comment.
# fmt: off


class KG:
    """The terms of ontology/kg.ttl."""

    Concept: Final = URIRef(f"{NS}Concept")  # A notion of the field that is none of the other four types, such as the Hessian or overfitting.
    CurationAction: Final = URIRef(f"{NS}CurationAction")  # A decision of a person about the graph.
    Dataset: Final = URIRef(f"{NS}Dataset")  # A named corpus, benchmark or collection of data.
    Definition: Final = URIRef(f"{NS}Definition")  # A place where a paper says what an abbreviation stands for.
    ExtractionRun: Final = URIRef(f"{NS}ExtractionRun")  # A reading of papers, identified by what decides its outcome: extractor, its version, linker and ontology version.
    Extractor: Final = URIRef(f"{NS}Extractor")  # The software that finds mentions in text.
    Hyponymy: Final = URIRef(f"{NS}Hyponymy")  # A sentence that says of two of its mentions that one is a kind of the other.
    Mention: Final = URIRef(f"{NS}Mention")  # A range of characters in a paper's title or abstract that names an entity.
    Merge: Final = URIRef(f"{NS}Merge")  # Two entities are one.
    Method: Final = URIRef(f"{NS}Method")  # An algorithm, model, architecture or technique.
    Metric: Final = URIRef(f"{NS}Metric")  # A quantity that results are measured by, such as BLEU.
    Paper: Final = URIRef(f"{NS}Paper")  # A research paper, known by its title and abstract.
    Relation: Final = URIRef(f"{NS}Relation")  # A sentence that says of two of its mentions how one relates to the other: one paper's word for a statement.
    ResearchEntity: Final = URIRef(f"{NS}ResearchEntity")  # A thing that papers mention by name.
    Retype: Final = URIRef(f"{NS}Retype")  # An entity is of another of the five types.
    Split: Final = URIRef(f"{NS}Split")  # An entity is more than one.
    Statement: Final = URIRef(f"{NS}Statement")  # What papers state of two entities, with the mentions that show it: derived from all relations whose mentions refer to them, where their types fit.
    Task: Final = URIRef(f"{NS}Task")  # A problem that a system is asked to solve, such as image classification.
    Verdict: Final = URIRef(f"{NS}Verdict")  # Something extracted is confirmed or rejected.
    abbreviation: Final = URIRef(f"{NS}abbreviation")  # The short form, as the paper writes it.
    abbreviationKey: Final = URIRef(f"{NS}abbreviationKey")  # The entity id that the short form has by itself: the kg:surface of mentions that no paper defines.
    addresses: Final = URIRef(f"{NS}addresses")  # The paper says that the entity is the problem it works on.
    addressesTask: Final = URIRef(f"{NS}addressesTask")  # The paper names the task, as a rule as one that it works on.
    arxivId: Final = URIRef(f"{NS}arxivId")  # The bare arXiv id in lower case, without version.
    beginIndex: Final = URIRef(f"{NS}beginIndex")  # Offset of the first character of the mention, from 0, in Unicode code points.
    broadMention: Final = URIRef(f"{NS}broadMention")  # The mention of what it is a kind of.
    byline: Final = URIRef(f"{NS}byline")  # The authors in their order, separated by semicolons.
    comparesWith: Final = URIRef(f"{NS}comparesWith")  # The paper says that it compares its own work with the entity.
    confidence: Final = URIRef(f"{NS}confidence")  # Probability that it is right, from 0 to 1, to three places.
    configSha256: Final = URIRef(f"{NS}configSha256")  # Hash of all that decides the run's outcome: extractor with its configuration, linker with its thresholds, ontology version.
    contentSha256: Final = URIRef(f"{NS}contentSha256")  # Hash of the input record and of the run that read it.
    contrastedWith: Final = URIRef(f"{NS}contrastedWith")  # The two methods are compared as alternatives.
    endIndex: Final = URIRef(f"{NS}endIndex")  # Offset just behind the last character of the mention, in Unicode code points.
    evaluatedOn: Final = URIRef(f"{NS}evaluatedOn")  # Results of the method on the dataset are reported.
    evaluatesOn: Final = URIRef(f"{NS}evaluatesOn")  # The paper says that it has results on the entity.
    evidence: Final = URIRef(f"{NS}evidence")  # A mention whose sentence shows the statement: the head of a relation.
    exact: Final = URIRef(f"{NS}exact")  # The characters of the mention, as the paper writes them.
    field: Final = URIRef(f"{NS}field")  # The property of the paper whose value the offsets count in: dcterms:title or dcterms:abstract.
    generic: Final = URIRef(f"{NS}generic")  # True for a term so common that sharing it says nothing.
    hasConcept: Final = URIRef(f"{NS}hasConcept")  # The paper speaks of the concept.
    headMention: Final = URIRef(f"{NS}headMention")  # The mention that the relation is read from; its sentence shows it.
    inPaper: Final = URIRef(f"{NS}inPaper")  # The paper whose text holds the mention.
    introduces: Final = URIRef(f"{NS}introduces")  # The entity is new with this paper.
    introducesDataset: Final = URIRef(f"{NS}introducesDataset")  # The paper introduces the dataset.
    introducing: Final = URIRef(f"{NS}introducing")  # True of a mention that names what its paper introduces.
    kind: Final = URIRef(f"{NS}kind")  # The property between entities that the relation speaks for: one of the six that statements have as predicates.
    kindOf: Final = URIRef(f"{NS}kindOf")  # Papers call the entity a kind of the other, which has the same type.
    labelledAs: Final = URIRef(f"{NS}labelledAs")  # The class that the extractor chose for this mention, or for most of those that a definition is about.
    linkRule: Final = URIRef(f"{NS}linkRule")  # Name of what linked the mention to its entity: name and definition by its own paper; sense, context, homonym, spacing and typo by the corpus.
    linkScore: Final = URIRef(f"{NS}linkScore")  # How surely the mention was linked, from 0 to 1, to three places.
    longForm: Final = URIRef(f"{NS}longForm")  # What the abbreviation stands for, as the paper writes it.
    longFormKey: Final = URIRef(f"{NS}longFormKey")  # The entity id of what the abbreviation stands for: the kg:surface of this paper's mentions of it.
    measuredBy: Final = URIRef(f"{NS}measuredBy")  # Success in the task, or of the method, is measured by the metric.
    mentions: Final = URIRef(f"{NS}mentions")  # The paper names the entity.
    modelVersion: Final = URIRef(f"{NS}modelVersion")  # Version of the extractor: changes whenever the same text could give other mentions.
    narrowMention: Final = URIRef(f"{NS}narrowMention")  # The mention of the kind.
    paperCount: Final = URIRef(f"{NS}paperCount")  # How many papers mention the entity.
    partOf: Final = URIRef(f"{NS}partOf")  # The entity is a component of the other.
    proposesMethod: Final = URIRef(f"{NS}proposesMethod")  # The paper introduces the method.
    refersTo: Final = URIRef(f"{NS}refersTo")  # The entity that the mention names.
    reports: Final = URIRef(f"{NS}reports")  # The paper says that it measures its results by the entity.
    reportsMetric: Final = URIRef(f"{NS}reportsMetric")  # The paper names the metric, as a rule with a result.
    role: Final = URIRef(f"{NS}role")  # The role edge that the mention speaks for, as its sentence says what the paper does with what it names.
    roleConfidence: Final = URIRef(f"{NS}roleConfidence")  # Probability that the role is right, from 0 to 1, to three places.
    rule: Final = URIRef(f"{NS}rule")  # Name of what decided on the mention or relation: the model or one of the rules around it; of a hyponymy, the pattern in its sentence.
    sentence: Final = URIRef(f"{NS}sentence")  # The sentence around the mention, cut unchanged from the same field; of a definition, that which defines.
    sentenceBegin: Final = URIRef(f"{NS}sentenceBegin")  # Offset of the first character of the sentence in the same field, in Unicode code points.
    statedIn: Final = URIRef(f"{NS}statedIn")  # The paper that says so.
    support: Final = URIRef(f"{NS}support")  # How many papers state it.
    surface: Final = URIRef(f"{NS}surface")  # The entity id that the mention's own paper gives it: the normal form of its text, or of the long form that the paper defines.
    tailMention: Final = URIRef(f"{NS}tailMention")  # The mention that the relation leads to.
    target: Final = URIRef(f"{NS}target")  # What the action is about: an entity, a mention or a statement.
    usedFor: Final = URIRef(f"{NS}usedFor")  # The entity serves to solve the task.
    uses: Final = URIRef(f"{NS}uses")  # The paper says that it works with the entity or builds on it.
    usesDataset: Final = URIRef(f"{NS}usesDataset")  # The paper names a dataset that it does not itself introduce.
    usesMethod: Final = URIRef(f"{NS}usesMethod")  # The paper works with, builds on or discusses a method that it does not itself introduce.
    venue: Final = URIRef(f"{NS}venue")  # The journal, conference or archive, as the source writes it.
    verdict: Final = URIRef(f"{NS}verdict")  # What a verdict says: confirmed or rejected.


class BIBO:
    """What we write of <http://purl.org/ontology/bibo/>."""

    doi: Final = URIRef("http://purl.org/ontology/bibo/doi")  # The bare DOI of a paper.


class SCHEMA:
    """What we write of <https://schema.org/>."""

    url: Final = URIRef("https://schema.org/url")  # The web address of a paper.
