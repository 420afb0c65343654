"""What an investigator takes away from a ring: a graph of it, as tables, for graph libraries and as files."""
