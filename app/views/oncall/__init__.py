"""Who is on duty, seen and arranged."""
