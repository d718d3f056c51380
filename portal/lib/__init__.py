"""Small tools that know neither Django nor Celery nor any procedure."""
