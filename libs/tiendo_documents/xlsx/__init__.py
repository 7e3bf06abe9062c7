"""Documents as workbooks, made with xlsxwriter: a sheet for the document and one for each appendix; figures are numbers, dates are dates."""
