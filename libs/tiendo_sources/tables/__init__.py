"""Tables of cases and of their steps, whatever file they come in: one mapping, one translation of rows (CSV and XLSX differ in their cells)."""
