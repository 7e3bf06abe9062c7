"""The committed description of the interface is the one that the service gives out."""

import json
from collections.abc import Iterator

from tests.query.openapi_document import COMMITTED, as_text, document

from tiendo_contracts.answers.common import Answer
from tiendo_contracts.answers.examples import timeline_example
from tiendo_contracts.answers.timelines import TimelineAnswer


def test_the_committed_description_is_what_the_service_gives_out() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == as_text(), "write it anew: python -m tests.query.openapi_document"


def kinds(parent: type[Answer]) -> Iterator[type[Answer]]:
    """All kinds of answers."""
    for child in parent.__subclasses__():
        yield child
        yield from kinds(child)


def test_every_member_of_an_answer_is_always_there() -> None:
    schemas = document()["components"]["schemas"]
    answers = [(kind, schemas[kind.__name__]) for kind in kinds(Answer) if kind.__name__ in schemas]
    assert len(answers) > 20
    for kind, schema in answers:
        assert schema["additionalProperties"] is False
        assert sorted(schema["required"]) == sorted(schema["properties"].keys() - kind.absent_before), schema["title"]


def test_every_address_documents_its_parameters_and_problems() -> None:
    for path, operations in document()["paths"].items():
        if not path.startswith("/v1/"):
            continue
        for operation in operations.values():
            assert operation["summary"]
            assert {"400", "401", "403"} <= operation["responses"].keys() or "4XX" in operation["responses"]


def test_examples_are_answers() -> None:
    example = timeline_example()
    answer = TimelineAnswer.model_validate(example)
    assert json.loads(answer.model_dump_json(by_alias=True)) == example
    assert sum(share["minutes"] for share in example["attributions"]) == example["lateness_minutes"] > 0
