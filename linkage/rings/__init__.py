"""Communities become rings: named, weighed, summed up."""
