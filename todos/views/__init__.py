"""Pages. Each loads within the person's reach, acts through an operation, and answers."""
