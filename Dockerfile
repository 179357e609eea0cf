# Goen in a container: one image for web, worker, clock and migrations; compose.yaml runs them together.
# The libraries are installed in one stage and copied, so that neither pip's cache nor anything else of it stays.
FROM python:3.12-slim-bookworm AS libraries
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /srv/venv
COPY requirements.txt /srv/
RUN /srv/venv/bin/pip install --require-hashes --only-binary=:all: -r /srv/requirements.txt

FROM python:3.12-slim-bookworm
ENV PATH=/srv/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LANG=C.UTF-8 DATA_DIR=/srv/data
RUN useradd --system --uid 10001 --home-dir /srv/goen --shell /usr/sbin/nologin goen \
    && install --directory --owner goen --group goen /srv/data
COPY --from=libraries /srv/venv /srv/venv
COPY . /srv/goen
WORKDIR /srv/goen
USER goen
VOLUME /srv/data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz\", timeout=4)"]
CMD ["python", "app.py"]
