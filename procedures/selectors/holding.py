"""Who has a dossier, said in the database's terms and by its clock (services.assignment)."""

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Now

IS_HELD = ExpressionWrapper(Q(held_until__isnull=False, held_until__gt=Now()), output_field=BooleanField())
HAS_LAPSED = Q(held_until__isnull=False, held_until__lte=Now())
NOBODYS = Q(assignee__isnull=True) | HAS_LAPSED
