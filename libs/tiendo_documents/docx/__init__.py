"""Documents as DOCX, made with python-docx; tables as XML of their own, since they may be long."""
