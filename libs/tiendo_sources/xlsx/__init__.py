"""Tables as workbooks of Excel (XLSX): one sheet, read as a stream, whose cells may be numbers, dates or what formulas gave."""
