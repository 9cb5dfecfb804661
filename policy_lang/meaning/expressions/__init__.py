"""From what the author wrote, where a value or a condition is wanted, to the core.

`walk` goes through an expression and knows what is in view; for each form it asks one of the other modules, which
are about one topic each. They are handed the walk itself as `here`, to go on into the parts of what they read.
"""
