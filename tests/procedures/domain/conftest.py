from hypothesis import settings

# A busy machine is no reason to call a rule wrong.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
