"""The monthly list of officers who were late: what it holds, whom it names, and how it is published (CONTRACT, publications). Pure values."""
