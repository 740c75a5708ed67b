"""Handing a ticket up its tree, and what would happen if nobody answered."""
