"""Questions to the read models, as at any instant.

A row holds what a case shows at the latest `time` or `recordedat` of its events. Asked for another instant, most rows still stand; the others are folded again
and put beside the rows as a relation of the same shape, so that every figure comes from one piece of SQL, whatever its rows were made of.
"""
