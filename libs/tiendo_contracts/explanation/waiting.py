"""Why a case waited with an officer, in a sentence that stands beside the share (docs/waiting.md)."""

from collections.abc import Iterator

from tiendo_contracts.explanation.durations import minutes_in_words, number_in_words
from tiendo_contracts.problems.problem_kinds import Language, Words
from tiendo_domain.waiting import WaitingCauses

NOT_SUBTRACTED = Words(
    en="This is to be considered beside the share, and changes nothing of it.",
    vi="Nội dung này để xem xét bên cạnh phần quy trách nhiệm, không trừ vào phần đó.",
)


def waiting_in_words(causes: WaitingCauses) -> Words:
    """How much of the time that the officer held it the case waited, and for what, as far as is known."""
    held = minutes_in_words(causes.handling_minutes + causes.waiting_minutes)
    if not causes.waiting_minutes:
        return Words(
            en=f"Of {held.en} held, nothing shows that the case waited for anything else.",
            vi=f"Trong {held.vi} giữ hồ sơ, không có gì cho thấy hồ sơ phải chờ việc khác.",
        )
    waited, parts = minutes_in_words(causes.waiting_minutes), list(_parts(causes))
    en, vi = ("; ".join(getattr(part, language) for part in parts) for language in ("en", "vi"))
    return Words(
        en=f"Of {held.en} held, the case waited {waited.en}: {en}. {NOT_SUBTRACTED.en}",
        vi=f"Trong {held.vi} giữ hồ sơ, hồ sơ phải chờ {waited.vi}: {vi}. {NOT_SUBTRACTED.vi}",
    )


def _parts(causes: WaitingCauses) -> Iterator[Words]:
    if minutes := causes.contention_minutes:
        yield _part(
            minutes,
            causes.contention_holds,
            Words(en="while {} that had come before were dealt with", vi="trong lúc giải quyết {} hồ sơ đến trước"),
        )
    if minutes := causes.prioritisation_minutes:
        yield _part(
            minutes,
            causes.prioritisation_holds,
            Words(en="while {} that came later were dealt with", vi="trong lúc giải quyết {} hồ sơ đến sau"),
        )
    if minutes := causes.batching_minutes:
        yield _part(
            minutes,
            causes.batching_holds,
            Words(en="until {} came with which it was finished together", vi="chờ {} hồ sơ khác để làm xong cùng lúc"),
        )
    if minutes := causes.absence_minutes:
        yield _part(minutes, 0, Words(en="while the officer was away", vi="trong lúc người xử lý vắng mặt"))
    if minutes := causes.unknown_minutes:
        yield _part(minutes, 0, Words(en="nothing says what for", vi="chưa rõ lý do"))


def _part(minutes: int, holds: int, what: Words) -> Words:
    amount = minutes_in_words(minutes)
    of_cases = f"{number_in_words(holds, Language.ENGLISH)} case{'' if holds == 1 else 's'}"
    return Words(
        en=f"{amount.en} {what.en.format(of_cases)}",
        vi=f"{amount.vi} {what.vi.format(f'{number_in_words(holds, Language.VIETNAMESE)} lượt')}",
    )
