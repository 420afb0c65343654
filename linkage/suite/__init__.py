"""The benchmark: other ways to group accounts, which ours is measured against."""
