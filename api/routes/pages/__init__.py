"""Pages for people, one module for each part of the site; each page has an address that holds its whole state."""
