"""The rules of the case timeline: facts in, who held the case and whose delay it is out.

Pure: no clock, no input or output, no logging. What decides every minute stands in docs/rulebook.md; the code cites its rule numbers.
"""
