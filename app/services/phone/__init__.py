"""The phone: who calls, and filing what was talked about."""
