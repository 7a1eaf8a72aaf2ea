import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

it('the Kafka log loads in plain Node, where fewer names can be imported from kafkajs than under Jest', async () => {
  const module = new URL('./kafka-log.js', import.meta.url).href;
  const script = `const { kafkaLog } = await import(${JSON.stringify(module)}); process.stdout.write(typeof kafkaLog);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout).toBe('function');
});
