"""Pictures: what a person sees of a ring, as one plain document with every position worked out."""
