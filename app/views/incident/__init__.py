"""Pulling others into a ticket."""
