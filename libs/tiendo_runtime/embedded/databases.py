"""The database inside the embedded server."""

import asyncpg

from tiendo_runtime.embedded.cluster import OWNER, Cluster


async def ensure_database(cluster: Cluster, name: str = OWNER) -> None:
    """Create a database where it does not exist yet."""
    connection = await asyncpg.connect(
        host=str(cluster.socket_folder()), port=5432, user=OWNER, database="postgres", timeout=30
    )
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()
