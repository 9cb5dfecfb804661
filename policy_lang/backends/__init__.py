"""Independent readings of one program; none of them imports another."""
