"""The page for investigators, and the same as one file to take away."""
