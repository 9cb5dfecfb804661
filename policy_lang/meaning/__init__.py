"""Stage 3: what a tree means. Names are resolved, types found, and every form lowered to the core."""
