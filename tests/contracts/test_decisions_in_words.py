"""What is said of explanations and decisions: shares are explained by rule, and decisions say what became of them (section E)."""

from tests.domain.decided_cases import LATE, PROOF, decided, filed, move, shown

from tiendo_contracts.explanation import Section, explain

IN_TIME = {"kind": "late-entry", "evidence": PROOF, "finished_at": "2022-08-15T09:55:00+07:00"}


def said(section: Section, *events: dict[str, object]) -> list[str]:
    sentences = explain(shown(*LATE, *events).timeline)
    return [sentence.words.en for sentence in sentences if sentence.section is section]


def test_nothing_is_said_of_decisions_where_nothing_was_decided() -> None:
    assert said(Section.DECISIONS) == []


def test_shares_are_explained_by_rule_and_again_after_a_decision() -> None:
    events = [filed("08-20 08:00", "x"), decided("09-01 08:00", "d", move(20), of="x")]
    assert said(Section.SHARES, *events) == said(Section.SHARES)
    assert said(Section.DECISIONS, *events) == [
        "08:00 20/08/2022: A explains (overload): “Trong tuần có 40 hồ sơ.”; decided.",
        "08:00 01/09/2022: decided by Phạm Văn Đức (Trưởng phòng), document 12/QĐ-VP: accepted.",
        (
            "Shares after that: Trần Văn Bình (B, Phó phòng, Văn phòng đăng ký): 40 minutes; organisation or plan: 20 minutes; "
            "Nguyễn Thị Ánh (A, Chuyên viên, Bộ phận tiếp nhận): 10 minutes."
        ),
    ]


def test_a_late_entry_by_decision_says_the_class_before_and_after() -> None:
    events = [decided("09-01 08:00", "d", IN_TIME)]
    assert said(Section.DUE, *events) == said(Section.DUE)
    after = said(Section.DECISIONS, *events)
    assert "Class after that: late entry." in after
    assert "Shares after that: nobody bears anything." in after
    assert any(sentence.startswith("Entered late: Trần Văn Bình") for sentence in after)


def test_a_decision_without_effect_says_why() -> None:
    sentences = said(Section.DECISIONS, decided("09-01 08:00", "d", move(20), by={"id": "B", "name": "Trần Văn Bình"}))
    assert sentences[0].endswith("accepted; decided by a party; nothing of it holds.")
