"""Whole desks played through in simulated time."""
