"""The desk's window: layout, actions, and what ties them to the services."""
