"""What callers see: frozen dataclasses that outlive every database session."""
