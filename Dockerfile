# The images of all services, one target each, as docker-compose.yml builds them: docker build --target api .
FROM node:22-bookworm-slim AS node
WORKDIR /app

# What `npm ci` reads: rebuilt only when a dependency changes.
FROM node AS manifests
COPY package.json package-lock.json ./
COPY bench/package.json bench/
COPY contracts/package.json contracts/
COPY e2e/package.json e2e/
COPY model/package.json model/
COPY services/api/package.json services/api/
COPY services/dashboard/package.json services/dashboard/
COPY services/sender/package.json services/sender/
COPY start/package.json start/

# Without optional packages: TensorFlow.js and its dependencies take 290 MB, and only training uses it.
FROM manifests AS api-packages
RUN npm ci --omit=dev --omit=optional --workspace contracts --workspace model --workspace services/api --no-audit --no-fund

FROM manifests AS sender-packages
RUN npm ci --omit=dev --omit=optional --workspace contracts --workspace model --workspace services/sender --no-audit --no-fund

FROM manifests AS dashboard-build
RUN npm ci --workspace contracts --workspace services/dashboard --no-audit --no-fund
COPY tsconfig.base.json ./
COPY contracts contracts
COPY services/dashboard services/dashboard
RUN npm run build --workspace services/dashboard

FROM node AS api
ENV NODE_ENV=production
COPY --from=api-packages /app ./
COPY db db
COPY contracts contracts
COPY model model
COPY services/api services/api
# A volume gets the owner of the folder that it is mounted on.
RUN mkdir -p /secrets/admin /secrets/api /secrets/retention && chown -R node:node /secrets
USER node
EXPOSE 5000
CMD ["node", "services/api/main.ts"]

FROM node AS sender
ENV NODE_ENV=production
COPY --from=sender-packages /app ./
COPY contracts contracts
COPY model model
COPY services/sender services/sender
USER node
CMD ["node", "services/sender/main.ts"]

FROM nginx:1.30 AS dashboard
COPY services/dashboard/nginx*.conf /etc/nginx/
COPY services/dashboard/name-servers.sh /etc/nginx/
RUN sh /etc/nginx/name-servers.sh && nginx -t && rm -rf /tmp/*
COPY --from=dashboard-build /app/services/dashboard/dist /usr/share/nginx/html
USER nginx
EXPOSE 5000 8080
CMD ["sh", "-c", "sh /etc/nginx/name-servers.sh && exec nginx -g 'daemon off;'"]
