"""What holds of a policy for all facts, or fails for some."""
