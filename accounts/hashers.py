"""How passwords are hashed."""

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

# A hash takes 19 MiB; a burst of sign-ins must not take the whole machine's memory.
at_once = threading.BoundedSemaphore(4)


class Argon2id(Argon2PasswordHasher):
    """Argon2id with 19 MiB, 2 passes and 1 lane, at most four at once in a process.

    Source: OWASP Password Storage Cheat Sheet. (Django's default takes 100 MiB a hash.)
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with at_once:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with at_once:
            return super().verify(password, encoded)
