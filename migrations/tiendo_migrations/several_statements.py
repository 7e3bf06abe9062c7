"""Several statements of SQL in one text."""

from alembic import op


def execute_each(statements: str) -> None:
    """Run each of the statements; none of them has a `;` at the end of a line within it."""
    for statement in statements.split(";\n"):
        if statement.strip():
            op.execute(statement)
