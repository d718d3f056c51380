"""Dossiers that were loaded in the numbers of the annex of 3040/BHXH-CNTT, and not filed by anybody.

They belong to one account that can't log in. They have no events, files or codes, so whatever looks at
how people file leaves them out; whatever counts dossiers counts them.
"""

ANNEX_LOGIN = "phu-luc-3040"

# For raw SQL: the id of that account, or NULL while nothing was loaded.
ANNEX_FILER = f"(SELECT id FROM accounts_user WHERE login = '{ANNEX_LOGIN}')"  # noqa: S608 - a constant
