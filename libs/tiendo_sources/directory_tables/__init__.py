"""The directory as tables of offices: units, officers, absences, procedures, steps and calendars in CSV and XLSX, read and written."""
