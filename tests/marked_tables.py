"""Tables in documents that a command writes anew: each stands between two marks, which stay."""


def with_table(page: str, marks: tuple[str, str], table: str) -> str:
    """The page with the table between its two marks. Raises ValueError where it does not have the first of them once, and the second behind it."""
    begin, end = marks
    before, *behind = page.split(begin)
    if len(behind) != 1 or end not in behind[0]:
        raise ValueError(f"the page has no place for a table between {begin} and {end}")
    return f"{before}{begin}\n{table}{end}{behind[0].partition(end)[2]}"
