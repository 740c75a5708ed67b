"""What is supported, when, and what is promised: applications, vendors, calendars and targets."""
