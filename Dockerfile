# One image for every role; the role is the command: larkspur ingress | worker | beat | flower | sim serve
# docs/docker.md tells what to set, and how to add handlers of your own.
ARG BASE=python:3.13-slim-trixie

FROM ${BASE} AS build
RUN apt-get update && apt-get install --yes --no-install-recommends binutils tini
RUN python3 -m venv /opt/uv && /opt/uv/bin/python -m pip install --quiet --no-cache-dir "uv>=0.9,<1"
ENV UV_NO_CACHE=1 UV_PYTHON=/opt/larkspur/bin/python UV_PYTHON_DOWNLOADS=never
RUN python3 -m venv --without-pip /opt/larkspur
WORKDIR /src
COPY pyproject.toml requirements.lock requirements-dev.lock ./
RUN /opt/uv/bin/uv pip install --quiet --require-hashes -r requirements.lock \
 && /opt/uv/bin/uv pip install --quiet --require-hashes -r pyproject.toml --extra traces -c requirements-dev.lock
COPY . .
RUN /opt/uv/bin/uv pip install --quiet --no-deps .
# Compiled is what the roles import; all of it would be 80 MB more. Handlers that import the official
# SDK start in 3 s, not in 7, with --build-arg COMPILED=lark_oapi, which is 31 MB.
ARG COMPILED=cli
RUN /opt/larkspur/bin/python -P -c "import ${COMPILED}, cli.check, cli.flower, cli.send, cli.sim, flower.command, \
      ingress.app, ingress.sources.long_connection, ingress.sources.webhook.webhook, \
      shared.telemetry.otlp, simulator.server, \
      workers.app, workers.beat, workers.bootstrap, workers.responders.agent.responder" \
 && rm -r /opt/larkspur/lib/python3*/site-packages/Crypto/SelfTest \
 && find /opt/larkspur -name "*.so" -exec strip --strip-unneeded {} +
# What is in it, as CycloneDX (docs/docker.md); the tool stays behind.
RUN python3 -m venv /opt/sbom \
 && /opt/uv/bin/uv pip install --quiet --python /opt/sbom/bin/python cyclonedx-bom -c requirements-dev.lock \
 && /opt/sbom/bin/cyclonedx-py environment --output-reproducible --pyproject pyproject.toml \
      --output-file /opt/larkspur/sbom.cdx.json /opt/larkspur

FROM ${BASE}
RUN groupadd --gid 10001 larkspur \
 && useradd --uid 10001 --gid larkspur --home-dir /data --no-create-home --shell /usr/sbin/nologin larkspur \
 && install --directory --owner=larkspur --group=larkspur /data \
 && install --directory /app
# Who may run it but not read it cannot read /proc/1/environ either: a program that a worker runs must not.
COPY --from=build /usr/bin/tini /usr/bin/tini
RUN chmod 0711 /usr/bin/tini
COPY --from=build /opt/larkspur /opt/larkspur
# In a container everybody listens where the others can reach it, and at a port that probes know.
ENV PATH=/opt/larkspur/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    LARKSPUR_INGRESS__HOST=0.0.0.0 \
    LARKSPUR_WEBHOOK__HOST=0.0.0.0 \
    LARKSPUR_WORKER__HOST=0.0.0.0 \
    LARKSPUR_WORKER__PORT=8712 \
    LARKSPUR_BEAT__HOST=0.0.0.0 \
    LARKSPUR_BEAT__PORT=8713 \
    LARKSPUR_FLOWER__HOST=0.0.0.0 \
    LARKSPUR_COMMAND__WORKSPACES=/data/workspaces
WORKDIR /app
USER 10001:10001
EXPOSE 5555 8700 8710 8711 8712 8713
# SIGTERM reaches the role by way of tini, which also buries what a role's programs leave behind.
ENTRYPOINT ["tini", "--", "larkspur"]
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["larkspur", "probe"]
