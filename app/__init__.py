"""Firstline: the desktop service desk for tiered production support."""

__version__ = "0.1.0"
