"""The tables that the projector writes and the query side reads, one PostgreSQL schema per build, and the queries over them."""
