"""What a change of a text is: in its words, and in what it means."""
