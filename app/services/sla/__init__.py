"""What is promised on tickets, and how its clocks stand."""
