"""Scenarios that are still missing, ready to be filled in: found by solving, and tried before they are told."""
