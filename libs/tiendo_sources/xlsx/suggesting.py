"""A mapping suggested for a workbook."""

from io import BufferedReader
from itertools import islice

from tiendo_sources.mapping_values import toml_string
from tiendo_sources.tables.mapping import TableShape
from tiendo_sources.tables.suggestion import SAMPLE_ROWS, suggestion
from tiendo_sources.xlsx.mapped_rows import sheet_rows
from tiendo_sources.xlsx.package import opened_package
from tiendo_sources.xlsx.workbook_parts import read_workbook


def suggested(stream: BufferedReader) -> str:
    """The text of a mapping for the first sheet that is shown. Raises LogUnreadable."""
    with opened_package(stream) as package:
        workbook = read_workbook(package)
        chosen = workbook.sheet(None).name
        others = [sheet.name for sheet in workbook.sheets if sheet.name != chosen]
    stream.seek(0)
    with sheet_rows(stream, TableShape(header_rows=SAMPLE_ROWS)) as rows:
        sample = list(islice(rows, SAMPLE_ROWS))
    more = f"  # others: {', '.join(toml_string(name) for name in others)}" if others else ""
    return suggestion(sample, (f"sheet = {toml_string(chosen)}{more}",))
