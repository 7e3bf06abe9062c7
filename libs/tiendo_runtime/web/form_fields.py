"""The fields of a form that a browser or an issuer has sent."""

from urllib.parse import parse_qs


def form_fields(body: bytes, most: int) -> dict[str, str]:
    """The first value of each field; none where there are more fields than `most`, which no form of ours has."""
    try:
        found = parse_qs(body.decode("utf-8", "replace"), max_num_fields=most)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}
