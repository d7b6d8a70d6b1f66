# Comity without services of its own: PostgreSQL and Redis are elsewhere (see docker-compose.yml).

FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/comity
COPY requirements.lock ./
RUN /opt/comity/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY schema schema
COPY models models
COPY resolvers resolvers
COPY workers workers
COPY actions actions
COPY sharing sharing
COPY server server
RUN /opt/comity/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin comity
COPY --from=build /opt/comity /opt/comity
ENV PATH=/opt/comity/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 COMITY_HOST=0.0.0.0 COMITY_PORT=8000
WORKDIR /tmp
USER comity
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-m", "server.probe", "web"]
ENTRYPOINT ["comity"]
CMD ["serve"]
