"""What would have to change in given facts for an outcome to come out as wanted."""
