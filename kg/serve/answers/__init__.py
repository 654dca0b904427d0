"""An ask → its reply, inside a worker: a query, a graph, a bundled query, a thing, the site."""
