import { bench } from './bench.js';
import { readOptions } from './options.js';

try {
  await bench(readOptions(process.argv.slice(2)), (line) => void process.stdout.write(`${line}\n`));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
