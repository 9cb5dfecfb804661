"""What still has to be asked: found in `ask.py`, laid out as a form in `form.py`, written down by the others."""
