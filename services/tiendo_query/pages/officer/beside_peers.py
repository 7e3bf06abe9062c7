"""An officer beside others in the same steps, as a picture of distributions."""

from collections.abc import Mapping, Sequence
from typing import Final

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_query.breakdowns.peer_comparison import PeerComparison
from tiendo_query.pages.charts import Chart
from tiendo_query.pages.charts.boxes import BOXES_MAX, Box, boxes
from tiendo_query.pages.charts.drawing import Shown
from tiendo_query.pages.showing import Said
from tiendo_read_models.queries.peers import StepOfProcedure

_HEADS: Final = (
    Words(vi="Bước", en="Step"),
    Words(vi="Hồ sơ của người này", en="Own cases"),
    Words(vi="Trung vị của người này", en="Own median"),
    Words(vi="Số người khác", en="Others"),
    Words(vi="Hồ sơ của người khác", en="Their cases"),
    Words(vi="25 %", en="25 %"),
    Words(vi="Trung vị", en="Median"),
    Words(vi="75 %", en="75 %"),
)


def peers_chart(found: Sequence[PeerComparison], names: Mapping[StepOfProcedure, Said]) -> Chart:
    """The others' quartiles of each step, with the officer's own median marked; nobody is named, and nobody ranked."""
    shown = found[:BOXES_MAX]
    drawn, rows = list[Box](), list[list[Shown]]()
    for one in shown:
        first, median, third = one.others.quartiles()
        own = one.own.quartiles()[1]
        words = names.get(one.of, one.of.step)
        drawn.append(Box(words=words, first=first, median=median, third=third, own=own))
        rows.append([words, one.own.cases, own, one.peers, one.others.cases, first, median, third])
    return boxes(
        "peers",
        Words(
            vi="Phút làm việc của một hồ sơ, so với người khác cùng bước",
            en="Working minutes of a case beside others in the same step",
        ),
        drawn,
        norm="",
        own=Words(vi="trung vị của người này", en="this officer's median"),
        heads=_HEADS,
        rows=rows,
        note=Words(
            vi="Chỉ gồm hồ sơ trong phạm vi được xem, ở bước có từ ba người khác trở lên; không nêu tên, không xếp hạng.",
            en="Of the cases that you may see, in steps with three others at least; no names and no ranks.",
        ),
    )
