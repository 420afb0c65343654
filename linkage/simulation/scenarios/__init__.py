"""The scenarios that worlds are put together from: one file each, and a line in the catalogue."""
