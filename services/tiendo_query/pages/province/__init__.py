"""The first page: the province's figures, its worst units and officers, the open cases that are overdue."""
