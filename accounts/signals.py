"""What other applications may hook onto."""

from django.dispatch import Signal

# Sent with `user` inside the transaction that closes an account, for what no foreign key reaches.
account_closing = Signal()

# Sent with `user`, and what their sessions knew them by (`fingerprint`, `session_hash`), inside
# the transaction in which the same password got a stronger hash.
password_hashed_again = Signal()
