"""A slow, obviously right second reading of the core, and cases to try it on."""
