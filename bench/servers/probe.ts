import { memoryUsage } from 'node:process';

/** Loaded before a server under test: tells the bench, when asked, what the whole process used, its threads included. */
process.on('message', (message) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  process.send?.({ type: 'usage', cpuMs: (user + system) / 1000, rssMb: memoryUsage.rss() / 1_048_576 });
});

// The bench is gone: nobody would stop this process.
process.once('disconnect', () => process.exit(0));
