"""Three versions of a file made into one, clause by clause."""
