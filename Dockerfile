# One image for service and worker. Built in two steps so that compilers and npm stay out of it.
FROM node:24-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.13-slim-bookworm AS build
WORKDIR /app
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
COPY --from=modules /app/node_modules node_modules
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e . \
 && /venv/bin/python -m service.assets && rm -rf node_modules

FROM python:3.13-slim-bookworm
RUN useradd --system --home /app --shell /usr/sbin/nologin wenheng && install -d -o wenheng /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER wenheng
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 WENHENG_DATA=/data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=2)"]
STOPSIGNAL SIGTERM
CMD ["wenheng", "serve", "--host", "0.0.0.0"]
