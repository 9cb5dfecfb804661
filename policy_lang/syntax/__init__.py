"""Stage 1: what the author wrote, as a tree, comments included. Lark lives here and nowhere else."""
