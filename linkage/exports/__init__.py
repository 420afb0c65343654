"""Decisions become what partners and systems take."""
