"""The frozen contents of monthly lists, and the rows of the officers whom they name."""

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import asyncpg
import msgspec
from msgspec import Struct

from tiendo_contracts.texts.canonical_json import canonical
from tiendo_domain.monthly_list.frozen import FrozenCase
from tiendo_domain.monthly_list.listed_content import PARTS, Content

_CONTENT: Final = "SELECT content FROM tiendo.publication_contents WHERE digest = $1"
_UNIT_NAMES: Final = """
SELECT digest, content::json ->> 'unit_name' AS unit_name FROM tiendo.publication_contents WHERE digest = ANY($1)
"""
_CASES: Final = "SELECT cases FROM tiendo.publication_contents WHERE digest = $1"
_OF_PARTY: Final = """
SELECT publication_id, digest, part, row FROM tiendo.publication_people WHERE party_key = $1 ORDER BY publication_id, digest, part
"""


class NamedRow(Struct, frozen=True, kw_only=True):
    """What one part of a content says of an officer."""

    publication_id: str
    digest: bytes
    part: str
    row: Mapping[str, Any]


def stored_content(content: Content) -> str:
    """The content as it is stored: its canonical JSON, of which the digest is the SHA-256."""
    return canonical(content).decode()


def packed_cases(cases: Sequence[FrozenCase]) -> bytes:
    """The cases as they are stored."""
    return zlib.compress(msgspec.json.encode(cases))


def named_rows(content: Content) -> list[tuple[str, str, str]]:
    """Part, party's key and row of every officer whom the content names."""
    return [
        (part, row["officer"]["key"], json.dumps(row, ensure_ascii=False)) for part in PARTS for row in content[part]
    ]


async def read_content(driver: asyncpg.Connection, digest: bytes) -> dict[str, Any] | None:
    """The content of this digest; None where the reader sees none."""
    found = await driver.fetchval(_CONTENT, digest)
    return None if found is None else json.loads(found)


async def unit_names(driver: asyncpg.Connection, digests: Sequence[bytes]) -> dict[bytes, str | None]:
    """The name of the unit in each of the contents that the reader sees, by digest: without their rows, of which a province's list has thousands."""
    return {bytes(row["digest"]): row["unit_name"] for row in await driver.fetch(_UNIT_NAMES, list(digests))}


async def read_cases(driver: asyncpg.Connection, digest: bytes) -> list[FrozenCase]:
    """The cases that the content of this digest was summed up from."""
    packed = await driver.fetchval(_CASES, digest)
    return msgspec.json.decode(zlib.decompress(packed), type=list[FrozenCase])


async def rows_of_party(driver: asyncpg.Connection, party_key: str) -> list[NamedRow]:
    """What the contents that the reader sees say of an officer."""
    return [
        NamedRow(
            publication_id=row["publication_id"],
            digest=bytes(row["digest"]),
            part=row["part"],
            row=json.loads(row["row"]),
        )
        for row in await driver.fetch(_OF_PARTY, party_key)
    ]
