"""The way up for an application: drawn, walked by keyboard, edited and tried out."""
