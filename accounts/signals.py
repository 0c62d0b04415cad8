"""What other applications may hook onto."""

from django.dispatch import Signal

# Sent with `user` inside the transaction that closes an account, for what no foreign key reaches.
account_closing = Signal()

# Sent with `user`, and what their sessions knew them by (`fingerprint`, `session_hash`), inside
# the transaction in which the same password got a stronger hash.
password_hashed_again = Signal()

# For those who count, and sent with numbers and names of ours alone: the `kind` of an event of
# an account's security, the `name` of a limit that stopped somebody, and how a job ended (its
# `task`, the `seconds` it took, and the `outcome`, "done" or "failed").
security_event = Signal()
limit_reached = Signal()
job_ended = Signal()

# Sent with `at` inside a transaction, after a backup took the place of the whole database.
database_restored = Signal()
