"""A memorandum of one case: its contents in `content.py`, its reasons in `grounds.py`, written down by the others."""
