# One image for every role: `web`, `worker`, `migrate` (the default command is `all`).
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm rebuild bcrypt && node prisma/runner/generate.ts && node scripts/build-admin.ts && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=build --chown=root:root /app /app
# A new volume takes over who owns the folder that it is mounted on.
RUN mkdir -p /audit/anchors /data/files /data/archive && chown -R node:node /audit/anchors /data
USER node
EXPOSE 3000
ENTRYPOINT ["node", "src/main.ts"]
CMD ["all"]
