"""Which parts of a policy its scenarios reach, and what they never tried."""
