"""Settings from the environment; the only reader of it."""

from pathlib import Path
from typing import Literal

from pydantic import Field, IPvAnyNetwork, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from kg.errors import StoreError
from kg.model import MAX_NODES

SHIPPED = "shipped"
"""The extractor and the names that come with paperkg."""

_LISTS = {"hosts": '["localhost"]', "proxies": '["127.0.0.1"]'}


class Settings(BaseSettings):
    """Each field is the variable ``KG_<FIELD>``; the README's table is checked against this class."""

    model_config = SettingsConfigDict(env_prefix="KG_", frozen=True, extra="ignore")

    data: Path = Field(Path("kg-data"), description="Folder that holds the graph, its snapshots and indexes.")
    base: str = Field("http://127.0.0.1:8000/", description="IRI that all ids of papers and entities start with.")
    host: str = Field("127.0.0.1", description="Address that `kg serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that `kg serve` listens on.")
    hosts: list[str] = Field(
        ["127.0.0.1", "localhost"],
        description="Host names that the service answers to, as a JSON list.",
    )
    proxies: list[IPvAnyNetwork] = Field(
        [], description="Addresses or networks of proxies whose `X-Forwarded-For` is believed, as a JSON list."
    )
    connections: int = Field(512, ge=16, le=100_000, description="Connections that are open at once.")
    client_connections: int = Field(64, ge=1, le=100_000, description="Of these, those of one client.")
    query_timeout: float = Field(10.0, gt=0, le=600, description="Seconds one SPARQL query may take, waiting included.")
    query_memory_mb: int = Field(1024, ge=128, description="Memory one SPARQL worker may use, in MB.")
    query_rows: int = Field(10_000, ge=1, description="Rows of one SPARQL answer; more are cut and flagged.")
    query_workers: int = Field(
        4, ge=1, le=64, description="Processes that answer SPARQL; one or more are kept for quick queries."
    )
    query_budget: float = Field(
        60.0, ge=0, le=3600, description="Seconds of work that one client may ask for in a minute; 0 is no limit."
    )
    query_burst: float = Field(120.0, gt=0, le=36000, description="Seconds of work that a client may save up.")
    writes: Literal["on", "off"] = Field(
        "on", description="Whether clients that bring a token may write: `on` or `off`."
    )
    update_timeout: float = Field(60.0, gt=0, le=3600, description="Seconds one write of a client may run.")
    body_limit: int = Field(2 << 20, ge=1024, description="Bytes of a request body that are read at most.")
    ingest_limit: int = Field(20 << 20, ge=1024, description="Bytes of a request that hands in papers, at most.")
    ingest_memory_mb: int = Field(
        4096, ge=512, description="Memory that putting papers into the graph may add to the loaded extractor, in MB."
    )
    extractor: str = Field(
        SHIPPED, description="What reads papers: `shipped`, or `module:factory` of another extractor."
    )
    gazetteer: str = Field(
        SHIPPED, description="Names that the shipped extractor knows: `shipped`, or a file of names on top of those."
    )
    extract: Literal["on", "off"] = Field(
        "on",
        description="Whether texts that clients send are read (`/v1/extract`, previews): `on` or `off`.",
    )
    extract_timeout: float = Field(30.0, gt=0, le=600, description="Seconds that reading one request may take.")
    extract_memory_mb: int = Field(1024, ge=128, description="Memory that reading may add to the model, in MB.")
    metrics: Literal["local", "public", "off"] = Field(
        "local", description="Who may read `/metrics`: this machine (`local`), everyone (`public`) or none (`off`)."
    )
    log: Literal["text", "json"] = Field("text", description="Form of the log: `text`, or `json` lines.")
    network_nodes: int = Field(400, ge=10, le=MAX_NODES, description="Entities in a network unless told otherwise.")


def load_settings() -> Settings:
    """Settings of this process; raises StoreError that names each variable that is wrong."""
    try:
        return Settings()  # type: ignore[call-arg]  # every field has a default or comes from the environment
    except ValidationError as error:
        wrong = "; ".join(f"KG_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        raise StoreError(f"settings: {wrong}") from error
    except SettingsError as error:
        # Only lists are no plain values; pydantic-settings says which one in its own words.
        name = next(name for name in _LISTS if f'"{name}"' in str(error))
        raise StoreError(f"settings: KG_{name.upper()}: must be a JSON list such as {_LISTS[name]}") from error
