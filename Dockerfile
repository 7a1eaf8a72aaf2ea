# One image for every role: SERVICES says which services a container runs.
FROM node:22-slim AS build
WORKDIR /linli
COPY package.json package-lock.json .npmrc ./
COPY apps ./apps
COPY libs ./libs
COPY tools ./tools
COPY tsconfig.base.json tsconfig.json ./
RUN npm ci && npx tsc -b apps/all-in-one apps/cli && npm prune --omit=dev

FROM node:22-slim
ENV NODE_ENV=production LINLI_DATA_DIR=/data LINLI_SERVICE_HOST=0.0.0.0
WORKDIR /linli
COPY --from=build /linli/package.json ./
COPY --from=build /linli/node_modules ./node_modules
COPY --from=build /linli/libs ./libs
COPY --from=build /linli/apps ./apps
COPY --from=build /linli/tools ./tools
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
CMD ["node", "--max-semi-space-size=32", "apps/all-in-one/dist/main.js"]
