"""Pages for people, one module for each part of the site; each page has an address that holds its whole state."""

from api.routes.pages import about, compare, entities, entity, home, ingest, link, papers, path, search, theme
from api.routes.pages import map as map_page

MODULES = (home, map_page, papers, entities, entity, search, link, path, compare, ingest, about, theme)
