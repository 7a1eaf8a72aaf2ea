import { ConfigMistakes, guardLoop, readConfig } from '@linli/service';
import { StoreFault } from '@linli/store';
import process from 'node:process';
import { serviceNames, startLinli } from './start-linli.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Far beyond any honest piece of work; a message whose handling never ends must not hold the process for ever. */
const STUCK_AFTER_MS = 30_000;

const run = async (): Promise<void> => {
  guardLoop(STUCK_AFTER_MS);
  const began = performance.now();
  const config = readConfig(process.env, serviceNames);
  const linli = await startLinli(config);
  const end = (): void => {
    linli.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`could not stop cleanly: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  say(
    `Linli is ready after ${((performance.now() - began) / 1000).toFixed(1)} s: ${config.services.join(', ')}.`,
  );
  if (linli.url !== null) say(`API    ${linli.url}/v1    (description at ${linli.url}/docs)`);
  for (const { name, url } of linli.services.filter((service) => service.url !== linli.url))
    say(`${name.padEnd(6)} ${url}    (internal; /readyz, /metrics)`);
  if (linli.url !== null && config.apiKey === null)
    say(`Key    ${linli.apiKey.value}    (kept in ${config.dataDir}/api-key)`);
};

/** What an operator can act on is said in a sentence; the rest comes with its stack. */
const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigMistakes || error instanceof StoreFault) return error.message;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return `${error.message}: another program listens there; set LINLI_PORT to a free port`;
  return syscall === undefined || path === undefined
    ? (error.stack ?? error.message)
    : `${error.message}; see LINLI_DATA_DIR`;
};

run().catch((error: unknown) => {
  process.stderr.write(`Linli did not start: ${explain(error)}\n`);
  process.exit(1);
});
