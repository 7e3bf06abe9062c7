"""What each file of tests costs in processor time, that of all processes which it starts included: `python -m pytest -p tests.costs …`.

The time of a machine that does other things as well says little of a test; processor time says nearly the same on each.
"""

import os
from collections import Counter
from collections.abc import Iterator

import psutil
import pytest

SHOWN_MAX = 40
QUICK_SECONDS = 0.03
"""Tests below this are charged with the next of their file: to ask for the time of all processes takes as long."""


class Costs:
    """Adds up the processor time of this process and of all that descend from it, by the file whose tests ran meanwhile."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._last = 0.0

    @pytest.hookimpl
    def pytest_collection_finish(self) -> None:
        self._last = _spent()
        self.seconds["(collecting)"] += self._last

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
        own = sum(os.times()[:4])
        yield
        more = nextitem is not None and nextitem.path == item.path
        if more and sum(os.times()[:4]) - own < QUICK_SECONDS:
            return
        now = _spent()
        self.seconds[item.nodeid.split("::")[0]] += now - self._last
        self._last = now

    @pytest.hookimpl
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["costs"] = dict(self.seconds)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: pytest.Item) -> None:
        self.seconds.update(getattr(node, "workeroutput", {}).get("costs", {}))

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        folders: Counter[str] = Counter()
        for name, seconds in self.seconds.items():
            folders["/".join(name.split("/")[:2])] += seconds
        terminalreporter.section(f"processor seconds: {self.seconds.total():.0f}")
        for name, seconds in [*folders.most_common(), *self.seconds.most_common(SHOWN_MAX)]:
            terminalreporter.write_line(f"{seconds:8.1f} {name}")


def pytest_configure(config: pytest.Config) -> None:
    """Begin to add up, in each process of the tests."""
    config.pluginmanager.register(Costs(), "costs of this process")


def _spent() -> float:
    """The processor time of this process, of what it waited for, and of all that still runs below it."""
    seconds = sum(os.times()[:4])
    for process in psutil.Process().children(recursive=True):
        try:
            seconds += sum(process.cpu_times()[:4])
        except psutil.Error:
            continue
    return seconds
