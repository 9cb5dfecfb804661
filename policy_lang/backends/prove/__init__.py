"""What holds for all facts: a solver reads the same core that decides single cases."""
