"""Commands that are loaded when they are run, so that the program answers `--version` and `--help` at once."""

from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from tiendo_cli.terminal import ended_when_nobody_reads


class CommandOnDemand(TyperCommand):
    """Stands for a command in the list of all; the command itself is loaded from `module` when it is run or asked for its help."""

    def __init__(self, name: str, module: str, summary: str) -> None:
        super().__init__(name=name, callback=None, help=summary)
        self._module = module

    @cached_property
    def loaded(self) -> Any:  # noqa: ANN401 - typer's own classes of commands are private
        """The command itself."""
        application = typer.Typer()
        import_module(self._module).register(application)
        return typer.main.get_group(application).commands[str(self.name)]

    def make_context(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - handed on
        """The context of the command itself."""
        return self.loaded.make_context(*arguments, **options)


class ProgramOnDemand(TyperGroup):
    """The program: its commands by name, each with the module that registers it and its line in the list."""

    table: Mapping[str, tuple[str, str]] = {}

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - handed on
        commands = {name: CommandOnDemand(name, *entry) for name, entry in self.table.items()}
        super().__init__(**(options | {"commands": commands}))

    def make_context(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - handed on
        """The context; `--help` and `--version` print here."""
        with ended_when_nobody_reads():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - handed on
        """What the command returns; ends quietly when nobody reads any more."""
        with ended_when_nobody_reads():
            return super().invoke(ctx)
