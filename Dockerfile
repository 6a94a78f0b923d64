# The application's image: web, worker, scheduler and the migrate job all run from it, each with its own command.

FROM python:3.13.14-slim-trixie AS packages
COPY requirements/app.txt /tmp/app.txt
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/app.txt

FROM python:3.13.14-slim-trixie
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=aiexchange.settings
RUN groupadd --system --gid 10001 app && useradd --system --uid 10001 --gid app --no-create-home app
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY manage.py deploy/probe.py ./
COPY accounts accounts
COPY aiexchange aiexchange
COPY api api
COPY catalog catalog
COPY demo demo
COPY journal journal
COPY pages pages
COPY risks risks
COPY templates templates
COPY static static
# The settings want secrets; these live for this one command and are kept nowhere.
RUN random() { python -c 'import secrets; print(secrets.token_urlsafe(64))'; } \
 && SECRET_KEY="$(random)" DB_PASSWORD="$(random)" SITE_URL=https://build.invalid BROKER_URL=redis://build.invalid/0 \
    python manage.py collectstatic --no-input --verbosity 0 \
 && python -m compileall -q -j 0 /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s CMD ["python", "probe.py", "web"]
CMD ["granian", "--interface", "wsgi", "aiexchange.wsgi:application", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "1", "--respawn-failed-workers", "--log-level", "warning"]
