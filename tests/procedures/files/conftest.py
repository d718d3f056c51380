from tests.procedures.files.scanners import clamd

__all__ = ["clamd"]
