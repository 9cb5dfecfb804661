"""Clauses: from their forms to outcomes in the core.

`lower` goes through the clauses of an instrument; each form has a module, which is handed the `Setting` as `here`.
"""
