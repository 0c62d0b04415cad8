"""The to-do list as most Django developers would write it, to measure the application against."""
