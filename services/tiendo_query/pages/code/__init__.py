"""What somebody who has not signed in is shown where figures are for people who have: a form for the whole code of a case, and that case."""
