"""A policy as sentences that a lawyer can sign, made from the core alone."""
