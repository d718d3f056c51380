"""The rules of the seven procedures: standard library only, no Django, no clock, no database."""
