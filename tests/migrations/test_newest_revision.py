"""The revision that is known without Alembic is the one that Alembic finds."""

from tiendo_migrations.schema_upgrade import _scripts
from tiendo_migrations.states import newest_revision


def test_the_newest_script_by_name_is_the_head_of_the_migrations() -> None:
    assert newest_revision() == _scripts().get_current_head()
