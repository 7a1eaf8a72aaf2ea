import { seededRandom } from '@linli/kernel';
import { Agent, get, request } from 'node:http';
import type { WatcherAnswer, WatcherOptions, WatcherOrder } from './watcher-wire.js';
import { bodies } from './bodies.js';

/** Somebody who follows the stream, and a sensor that reports: measures from the POST to the warning on the screen. */
const options = JSON.parse(process.argv[2] ?? '{}') as WatcherOptions;
const agent = new Agent({ keepAlive: true });
const headers = { authorization: `Bearer ${options.key}` };
const began = new Map<string, number>();
const tookMs: number[] = [];

const hear = (line: string): void => {
  const building = /"building":"([^"]+)"/u.exec(line)?.[1];
  const from = building === undefined ? undefined : began.get(building);
  if (building === undefined || from === undefined) return;
  tookMs.push(performance.now() - from);
  began.delete(building);
};

let rest = '';
get(`${options.url}/v1/warnings/stream`, { headers }, (response) => {
  response.setEncoding('utf8').on('data', (part: string) => {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) hear(line);
  });
  response.once('data', () => process.send?.('ready'));
}).once('error', (error) => {
  throw error;
});

const random = seededRandom(options.seed);
const pool = bodies(16, 1, { random, now: options.now, name: 'v', rising: 1 });
let sequence = 0;

const report = (): void => {
  const body = pool[sequence % pool.length];
  if (!body) return;
  body.number((sequence += 1));
  const building = /"building":"([^"]+)"/u.exec(body.bytes.toString())?.[1] ?? '';
  began.set(building, performance.now());
  const given = { ...headers, 'content-type': 'application/json', 'content-length': body.bytes.length };
  request(`${options.url}/v1/risk-events`, { method: 'POST', agent, headers: given }, (response) => {
    response.resume();
    if (response.statusCode !== 202) throw new Error(`the gateway answered ${response.statusCode}`);
  }).end(Buffer.from(body.bytes));
};

let timer: NodeJS.Timeout | undefined;
process
  .on('message', (order: WatcherOrder) => {
    clearInterval(timer);
    if (order === 'go') timer = setInterval(report, options.everyMs);
    if (order !== 'mark') return;
    const answer: WatcherAnswer = { tookMs: tookMs.splice(0), unseen: began.size };
    process.send?.(answer);
  })
  .once('disconnect', () => process.exit(0));
