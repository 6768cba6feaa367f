import express from 'express';

/** Bare Express 5 that answers about as many bytes as the product's token check. */
const body = {
  id: '019a5b1e-0000-7000-8000-000000000000',
  role: 'client',
  session: { id: '019a5b1e-0000-7000-8000-000000000001', acr: 'aal1', amr: ['pwd'], authTime: 1_795_300_000 },
};

const app = express();
app.get('/api/v1/me', (_req, res) => {
  res.json(body);
});
app.listen(Number(process.env['PORT']), '127.0.0.1', () => process.send?.({ type: 'ready' }));
