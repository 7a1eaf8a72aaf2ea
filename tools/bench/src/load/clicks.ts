import { Agent, request } from 'node:http';
import type { Click, ClicksAnswer, ClicksOrder } from './clicks-wire.js';

/** People at their screens, a process of its own: so many commands, so many at once, each answer awaited. */
const key = (JSON.parse(process.argv[2] ?? '{}') as { key: string }).key;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

const click = (url: string, { path, body, ifMatch }: Click): Promise<string> =>
  new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    };
    const asked = request(`${url}${path}`, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.once('error', reject).once('end', () => {
        resolve(response.statusCode === 200 ? '' : `${response.statusCode} ${text.slice(0, 120)}`);
      });
    });
    asked.once('error', reject).end(body);
  });

const run = async ({ url, concurrency, clicks }: ClicksOrder): Promise<ClicksAnswer> => {
  const waiting = clicks.values();
  const tookMs: number[] = [];
  const failures: Record<string, number> = {};
  const cpu = process.cpuUsage();
  const began = performance.now();
  const person = async (): Promise<void> => {
    for (const one of waiting) {
      const from = performance.now();
      const failure = await click(url, one).catch(String);
      if (failure === '') tookMs.push(performance.now() - from);
      else failures[failure] = (failures[failure] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, person));
  const { user, system } = process.cpuUsage(cpu);
  return { elapsedMs: performance.now() - began, tookMs, cpuUs: user + system, failures };
};

process
  .on('message', (order: ClicksOrder) => void run(order).then((answer) => process.send?.(answer)))
  .once('disconnect', () => process.exit(0));
process.send?.('ready');
