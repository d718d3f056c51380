from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2(Argon2PasswordHasher):
    """Argon2 as quick as it can be: the tests log in thousands of times, and nobody guesses their passwords."""

    time_cost, memory_cost, parallelism = 1, 8, 1
