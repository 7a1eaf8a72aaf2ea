import { ConfigMistakes, readConfig } from '@linli/service';
import process from 'node:process';
import { serviceNames, startLinli } from './start-linli.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const run = async (): Promise<void> => {
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
  if (linli.url === null) return;
  say(`API    ${linli.url}/v1    (description at ${linli.url}/docs)`);
  if (config.apiKey === null) say(`Key    ${linli.apiKey.value}    (kept in ${config.dataDir}/api-key)`);
};

run().catch((error: unknown) => {
  const known =
    error instanceof ConfigMistakes
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`Linli did not start: ${known}\n`);
  process.exit(1);
});
