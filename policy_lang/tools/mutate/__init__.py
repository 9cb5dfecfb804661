"""Mutation testing of policies: which slips of a drafter no scenario would notice (`pol test --mutate`).

`places` finds what the author wrote in the core, `slips` changes it in one way at a time, `notice` runs the
scenarios against each change, `vary` and `tell_apart` look for facts that show the difference, `report` says it.
"""
