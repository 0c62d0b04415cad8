"""The pages on which people look after their account and their devices."""
