from django.contrib.auth.hashers import BasePasswordHasher


class NoHasher(BasePasswordHasher):
    """Shows that somebody asked for a hash: encode() isn't there."""

    algorithm = "none"
    salt_entropy = 128
