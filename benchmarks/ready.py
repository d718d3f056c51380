"""Import first: Django is set up, so that a benchmark's modules import what they need at their top.

The environment names the servers already (benchmarks.ground, benchmarks.__main__).
"""

import django

django.setup()
