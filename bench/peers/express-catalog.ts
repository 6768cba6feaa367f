import { readFileSync } from 'node:fs';
import express from 'express';

/** Bare Express 5 that answers with the product's own body, from an object in memory. */
const body: unknown = JSON.parse(readFileSync(String(process.env['BODY_FILE']), 'utf8'));

const app = express();
app.get(/^\/api\/v1\/catalog\//, (_req, res) => {
  res.json(body);
});
app.listen(Number(process.env['PORT']), '127.0.0.1', () => process.send?.({ type: 'ready' }));
