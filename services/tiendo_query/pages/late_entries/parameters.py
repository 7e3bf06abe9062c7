"""What the work list of late entries is asked."""

from tiendo_query.pages.looking import LookingParameters
from tiendo_query.questions.parameters import CursorParameter, PositionParameter


class LateEntriesParameters(LookingParameters):
    """The period and unit, where the page begins, how many were just sent, and the position of the log that has them."""

    cursor: CursorParameter = None
    sent: PositionParameter = 0
    min_position: PositionParameter = 0
