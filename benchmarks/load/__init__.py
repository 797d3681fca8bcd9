"""A working day of many officers against the application as it serves (`make load`)."""
