"""The addresses of the query side, one module a resource."""
