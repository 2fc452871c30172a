"""The command that says why: explain."""

from dataclasses import asdict
from typing import Annotated

import typer

from kg.analysis.explain import Explanation, Relative
from kg.analysis.explain import explain as find_reasons
from kg.cli.output import AsJson, Data, print_json, print_table, say, workspace
from kg.errors import AmbiguousError, NotFoundError
from kg.iri import mint_slug
from kg.link.normal_form import normal_form
from kg.query.catalogue import Statement, in_words
from kg.workspace import Reader

SHOWN = 12
SENTENCES = 3
_NEAR = 5


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(
        help="""Say why an entity is one: its names and the rules that brought them together.

    Also what papers define, which other meanings of an abbreviation were kept apart and why, what is
    broader and narrower with the sentence that says so, what its papers do with it and state of it and others,
    and three sample mentions.

    **Examples**

        kg explain SGD
        kg explain stochastic-gradient-descent --json"""
    )(explain)


def explain(
    entity: Annotated[str, typer.Argument(help="An entity's name, or its id.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Say why an entity is one."""
    reader = workspace(data).reader()
    reasons = find_reasons(reader.catalogue, find_entity(reader, entity))
    if as_json:
        print_json(asdict(reasons))
    else:
        _tell(reasons)


def find_entity(reader: Reader, name: str) -> str:
    """The slug that this id or name means, an id before all names; raises NotFoundError or AmbiguousError."""
    if slug := _known(reader, name.strip()):
        return slug
    wanted = name.strip().casefold()
    hits = reader.index.search_entities(name, limit=50)
    exact = [e.slug for e in hits if wanted in (e.name.casefold(), *(alias.casefold() for alias in e.aliases))]
    if len(exact) > 1:
        raise AmbiguousError("entity", name, [f"{e.name} ({e.slug})" for e in hits if e.slug in exact])
    for candidate in (*exact, mint_slug(normal_form(name))):
        if slug := _known(reader, candidate):
            return slug
    near = reader.index.search(name, within=None, limit=_NEAR).entities
    raise NotFoundError("entity", name, [each.name for each in near])


def _known(reader: Reader, slug: str) -> str | None:
    try:
        return reader.catalogue.entity(slug).slug
    except NotFoundError:
        return None


def _tell(reasons: Explanation) -> None:
    entity = reasons.entity
    say(f"{entity.name} ({entity.label}, {entity.papers} papers)  {entity.slug}", "bold")
    if reasons.roles:
        say("Roles: " + ", ".join(f"{number:,} {role}" for role, number in reasons.roles.items()))
    say("\nIts names, and what brought each here:")
    print_table(
        ["name", "mentions", "papers", "rule", "score"],
        [[n.name, n.mentions, n.papers, n.rule, f"{n.score:.2f}"] for n in reasons.names[:SHOWN]],
    )
    _tell_rest(len(reasons.names))
    if reasons.definitions:
        say("\nWhat papers say:")
        for d in reasons.definitions[:SENTENCES]:
            say(f"  {d.short} stands for {d.long} ({d.paper})")
            say(f"    “{d.sentence}”", "dim")
        _tell_rest(len(reasons.definitions), SENTENCES)
    if reasons.apart:
        say("\nKept apart:")
        print_table(
            ["written", "means", "papers", "why"], [[a.name, a.slug, a.papers, a.reason] for a in reasons.apart[:SHOWN]]
        )
        _tell_rest(len(reasons.apart))
    _tell_relatives("Broader", reasons.broader)
    _tell_relatives("Narrower", reasons.narrower)
    _tell_statements(reasons.statements)
    say("\nFor example:")
    for sample in reasons.samples:
        say(f"  “{sample.sentence}” ({sample.paper_id})", "dim")


def _tell_relatives(title: str, relatives: tuple[Relative, ...]) -> None:
    if not relatives:
        return
    say(f"\n{title}:")
    for each in relatives[:SHOWN]:
        say(f"  {each.name} ({each.slug}), by {'its name' if each.rule == 'head' else f'a sentence, {each.rule}'}")
        if each.sentence:
            say(f"    “{each.sentence}” ({each.paper})", "dim")
    _tell_rest(len(relatives))


def _tell_statements(statements: tuple[Statement, ...]) -> None:
    if not statements:
        return
    say("\nWhat papers state:")
    for each in statements[:SHOWN]:
        claim = f"{each.subject.name} {in_words(each.kind)} {each.object.name}"
        say(f"  {claim} ({each.papers:,} {'paper' if each.papers == 1 else 'papers'}, {each.score:.2f})")
        for sentence in each.evidence:
            say(f"    “{sentence.sentence}” ({sentence.paper_id})", "dim")
    _tell_rest(len(statements))


def _tell_rest(number: int, shown: int = SHOWN) -> None:
    if number > shown:
        say(f"  and {number - shown:,} more; --json lists them all")
