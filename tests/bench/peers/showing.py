"""What the peers did, as tables: one line for each figure, a column for each of them, and how tiendo stands to the best of the others."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.bench.peers.catalogue import OWN, Contest

Results = Sequence[Mapping[str, Any]]
STORE_FIGURES: Mapping[str, str] = {
    "append of 1 by 1": "append 1 event a transaction, 1 writer (events/s)",
    "append of 1 by 4": "… 4 writers",
    "append of 1 by 64": "… 64 writers",
    "append of 100 by 1": "append 100 events a transaction, 1 writer (events/s)",
    "append of 100 by 4": "… 4 writers",
    "append of 100 by 64": "… 64 writers",
    "replay": "replay of the whole log (events/s)",
    "projection": "projection counted exactly once (events/s)",
    "missed": "events that a tailing reader never saw, 16 writers",
}
MINUTES_FIGURES: Mapping[str, str] = {
    "working time": "working time (pairs/s of processor time)",
    "pairs' minutes": "minutes that they come to",
    "officers": "held and late minutes of all officers (events/s of processor time)",
    "held minutes": "minutes that officers held",
    "late minutes": "late minutes of officers",
}
FIGURES = {Contest.STORE: STORE_FIGURES, Contest.MINUTES: MINUTES_FIGURES}
NOT_A_SPEED = frozenset({"missed", "pairs' minutes", "held minutes", "late minutes"})


def table(results: Results, contest: Contest) -> str:
    """The contest's table as Markdown; a peer that was left out has its reason below."""
    all_of = [result for result in results if result["contest"] == contest]
    taken = [result for result in all_of if "figures" in result]
    if not all_of:
        return ""
    heads = ["", *(f"{result['name']} {result['version']}".strip() for result in taken), "tiendo ÷ best other"]
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)]]
    lines += [[FIGURES[contest][name], *_cells(taken, name)] for name in FIGURES[contest]]
    said = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join(
        [*said, *(f"\n{result['name']}: left out, {result['left_out']}." for result in all_of if "left_out" in result)]
    )


def _cells(results: Results, name: str) -> list[str]:
    by_peer = {str(result["name"]): result["figures"].get(name) for result in results}
    others = [value for peer, value in by_peer.items() if peer != OWN and value is not None]
    own = by_peer.get(OWN)
    ratio = f"{own / max(others):.2f}" if own and others and name not in NOT_A_SPEED and max(others) else ""
    return [*("" if value is None else f"{value:,.0f}" for value in by_peer.values()), ratio]
