"""What errors of the database tell: what failed, never with whose names."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

NAME = "Nguyễn Thị Ánh"


async def test_an_error_does_not_tell_the_values_that_were_asked_with(engine: AsyncEngine) -> None:
    with pytest.raises(DBAPIError, match="division by zero") as failed:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1 / 0 WHERE CAST(:name AS text) <> ''"), {"name": NAME})
    assert NAME not in str(failed.value)
