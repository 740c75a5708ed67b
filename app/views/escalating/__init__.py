"""A ticket's way up in the window: where it is, how long is left, and handing it on."""
