"""The page Today as most Django projects would write it, to measure ours against."""
