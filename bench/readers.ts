import { setTimeout as pause } from 'node:timers/promises';
import { type Ask, expectStatus, openConnection } from './load.ts';
import type { Server } from './server.ts';

/** Two readers who ask about a hundred times a second. */
const readers = 2;
const readerPauseMs = 8;

/** The 99th percentile, in ms, of those who keep asking for one thing until `end`. */
export async function readUntil(end: Promise<unknown>, server: Server, ask: Ask): Promise<number> {
  const taken: number[] = [];
  let isOver = false;
  const reader = async (): Promise<void> => {
    const line = await openConnection(server.port);
    while (!isOver) {
      const answer = await line.ask(ask);
      expectStatus(answer, 200);
      taken.push(answer.ms);
      await pause(readerPauseMs);
    }
    line.close();
  };
  const reading = Array.from({ length: readers }, reader);
  await end.finally(() => {
    isOver = true;
  });
  await Promise.all(reading);
  taken.sort((a, b) => a - b);
  return taken[Math.floor(taken.length * 0.99)] ?? Number.NaN;
}
