"""The national progress format: dossier messages and progress rows, turned into facts (rules N1 to N4). The only home of its field names."""
