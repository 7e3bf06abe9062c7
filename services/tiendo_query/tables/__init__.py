"""Reports as tables in files: what each column says, as CSV and as a workbook, for commands and for the interface alike."""
