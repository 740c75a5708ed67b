"""Escalation trees: kept, made from templates, read and written as files, and told at an instant."""
