"""Content-Type and Content-Encoding say what a body is, or it is not read."""

import pytest

from tiendo_contracts.problems.problem_documents import ProblemKind, Refusal
from tiendo_ingest.bodies.body_media_types import MediaType, is_packed, media_type_of


@pytest.mark.parametrize(
    ("header", "media_type"),
    [
        ("application/cloudevents+json", MediaType.EVENT),
        ("Application/CloudEvents+JSON; charset=UTF-8", MediaType.EVENT),
        ('application/cloudevents-batch+json;charset="utf-8"', MediaType.BATCH),
        ("application/x-ndjson ; charset = utf-8", MediaType.STREAM),
        ('application/x-ndjson;q=1; charset=utf-8; profile="a;charset=latin1"', None),
        ('application/x-ndjson; profile="a;b"', MediaType.STREAM),
        ("application/x-ndjson;", MediaType.STREAM),
        ("application/x-ndjson; charset=utf-16", None),
        ("application/x-ndjson; charset=", None),
        ("application/x-ndjson; charset=utf-8; charset=latin1", None),
        ("Application/JSON; charset=utf-8", MediaType.BINARY),
        ("application/ndjson", None),
        ("text/plain", None),
        ("application/cloudevents+xml", None),
        ("application/x-ndjson, application/json", None),
        ("application/x-ndjson charset=utf-8", None),
        ("x-ndjson", None),
        ("", None),
    ],
)
def test_the_media_type_is_read_without_regard_to_case_and_parameters(
    header: str, media_type: MediaType | None
) -> None:
    if media_type is not None:
        assert media_type_of([header]) is media_type
        return
    with pytest.raises(Refusal) as caught:
        media_type_of([header])
    assert caught.value.kind is ProblemKind.MEDIA_TYPE_UNSUPPORTED


@pytest.mark.parametrize("headers", [[], ["application/x-ndjson", "application/x-ndjson"]])
def test_there_is_exactly_one_media_type(headers: list[str]) -> None:
    with pytest.raises(Refusal):
        media_type_of(headers)


@pytest.mark.parametrize(
    ("headers", "packed"),
    [
        ([], False),
        (["identity"], False),
        ([""], False),
        (["gzip"], True),
        (["GZip"], True),
        (["x-gzip"], True),
        (["identity, gzip"], True),
    ],
)
def test_gzip_is_the_only_packing(headers: list[str], *, packed: bool) -> None:
    assert is_packed(headers) is packed


@pytest.mark.parametrize("headers", [["br"], ["deflate"], ["gzip, gzip"], ["gzip", "gzip"], ["gzip;q=1"], ["zstd"]])
def test_other_packings_are_refused(headers: list[str]) -> None:
    with pytest.raises(Refusal) as caught:
        is_packed(headers)
    assert caught.value.kind is ProblemKind.CONTENT_ENCODING_UNSUPPORTED
