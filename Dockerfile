# Tags name a line of releases, which gets security fixes. For the same image each time, build with
# the digests that you have tried: FROM python:3.11-slim-bookworm@sha256:…

# Styles and scripts.
FROM node:22-bookworm-slim AS styles
WORKDIR /site
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY assets assets
COPY static static
RUN npm run build

# Packages, checked against their hashes.
FROM python:3.11-slim-bookworm AS packages
WORKDIR /site
COPY requirements.txt ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

# The site: the same image serves, works and runs commands.
#   docker run -p 127.0.0.1:8000:8000 --env-file .env -v rpec:/site/var IMAGE           web and worker
#   docker run … IMAGE gunicorn            docker run … IMAGE python manage.py work     one of them
# A proxy in front ends TLS (README). With `--read-only`, give it `--tmpfs /tmp`.
FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BIND=0.0.0.0:8000
WORKDIR /site
# The numbers are what a volume remembers: they were these before they were written down.
RUN groupadd --system --gid 999 site \
    && useradd --system --uid 999 --gid site --home-dir /site --no-create-home site \
    && mkdir --mode=700 var && chown site:site var
COPY --from=packages /venv /venv
COPY . .
COPY --from=styles /site/static/build static/build
# Static files belong to the code: they are in the image, and not in the volume, which an earlier
# image has filled. The settings are for this step alone.
RUN ENV_FILE=.env.example DATABASE_URL=sqlite://:memory: \
    SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    FIELD_ENCRYPTION_KEYS="$(python scripts/new_key.py)" \
    python manage.py collectstatic --noinput --verbosity 0
USER site
EXPOSE 8000
VOLUME /site/var
# Alive, not ready: a container whose database is silent still says where to get help, and starting
# it again would mend nothing. A worker alone has no such address: run it with --no-healthcheck.
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s CMD ["python", "scripts/alive.py"]
CMD ["sh", "-c", "python manage.py prepare && exec python manage.py serve"]
