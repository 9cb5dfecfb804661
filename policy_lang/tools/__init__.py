"""What people do with a policy once it is loaded: each tool takes decisions or programs and gives text or data."""
