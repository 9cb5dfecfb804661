"""What Pol sets up in a repository of git, and what git then asks of it."""
