# Styles and scripts.
FROM node:20-slim AS styles
WORKDIR /site
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY assets assets
COPY static static
RUN npm run build

# Packages, checked against their hashes.
FROM python:3.11-slim AS packages
WORKDIR /site
COPY requirements.txt ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

# The site: the same image serves, works and runs commands.
#   docker run -p 127.0.0.1:8000:8000 --env-file .env -v rpec:/site/var IMAGE           web and worker
#   docker run … IMAGE gunicorn            docker run … IMAGE python manage.py work     one of them
FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BIND=0.0.0.0:8000
WORKDIR /site
RUN useradd --system --home-dir /site site && mkdir var && chown site var
COPY --from=packages /venv /venv
COPY . .
COPY --from=styles /site/static/build static/build
USER site
EXPOSE 8000
VOLUME /site/var
CMD ["sh", "-c", "python manage.py prepare && exec python manage.py serve"]
