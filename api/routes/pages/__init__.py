"""Pages for people, one module for each part of the site; each page has an address that holds its whole state."""

from api.routes.pages import about, compare, entities, entity, home, link, papers, path, search, theme

MODULES = (home, papers, entities, entity, search, link, path, compare, about, theme)
