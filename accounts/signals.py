"""What other applications may hook onto."""

from django.dispatch import Signal

# Sent with `user` inside the transaction that closes an account, for what no foreign key reaches.
account_closing = Signal()
