"""A whole account as a file, and back: the format of docs/export.md."""
