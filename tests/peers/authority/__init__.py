"""A real authorisation server on loopback, built of authlib's, with the end points of Microsoft and of Google."""
