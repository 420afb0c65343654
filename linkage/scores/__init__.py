"""Rings become scores: what their behaviour says, and how sure all of it is."""
