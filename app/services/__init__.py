"""Verbs: one folder a capability. No Qt, and no words for people but through `wording`."""
