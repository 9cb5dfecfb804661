"""The Python reading: a program becomes generated Python, in a general and a complete variant."""
