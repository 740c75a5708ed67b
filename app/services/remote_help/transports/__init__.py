"""What carries a script to its target: one module each, behind the one interface in `interface`."""
