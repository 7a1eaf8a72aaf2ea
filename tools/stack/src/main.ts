import { parseArgs } from 'node:util';
import { untilAskedToStop } from './signals.js';
import { startStack } from './stack.js';

const brokersOf = (text: string): 1 | 3 => {
  if (text === '1') return 1;
  if (text === '3') return 3;
  throw new Error('--brokers is 1 or 3');
};

const main = async (): Promise<void> => {
  const asked = untilAskedToStop();
  const { values } = parseArgs({ options: { brokers: { type: 'string', default: '1' } } });
  const starting = startStack({ brokers: brokersOf(values.brokers) });
  const stack = await starting;
  for (const [name, value] of Object.entries(stack.env)) console.log(`${name}=${value}`);
  console.error('Ready. Ctrl-C stops it and removes its data.');
  const alive = setInterval(() => undefined, 60_000);
  await asked;
  clearInterval(alive);
  await stack.stop();
};

try {
  await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
