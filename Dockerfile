# One image for web, worker, sweeper and beat: docker-compose.yml says which.
FROM python:3.12.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=portal.settings VAR_DIR=/data MALLOC_ARENA_MAX=2
WORKDIR /app

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
# DEMO=1 stands in for the secrets while the image is built; none of it stays. The static files do.
RUN useradd --system --uid 10001 portal \
    && DEMO=1 python manage.py build_assets \
    && DEMO=1 python manage.py collectstatic --no-input \
    && mkdir -p /data/uploads /data/checkpoints && chown -R portal /data/uploads /data/checkpoints

USER portal
EXPOSE 8000
CMD ["gunicorn", "--config", "python:portal.gunicorn_settings", "--bind", "0.0.0.0:8000", "portal.wsgi"]
