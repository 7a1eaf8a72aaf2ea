import { parentPort } from 'node:worker_threads';

parentPort?.on('message', () => {
  throw new Error('a fault that is not of a request');
});
