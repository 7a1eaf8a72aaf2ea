import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { crc32c } from './crc32c.js';

const ofKafkajs = createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/crc32C/crc32C.js') as (
  bytes: Buffer,
) => number;

describe('the check sum of a batch', () => {
  it('is the one of RFC 3720', () => {
    const ascending = Uint8Array.from({ length: 32 }, (_, byte) => byte);
    expect(crc32c(new Uint8Array(32)) >>> 0).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff)) >>> 0).toBe(0x62a8ab43);
    expect(crc32c(ascending) >>> 0).toBe(0x46dd794e);
    expect(crc32c(Buffer.from('123456789')) >>> 0).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(0))).toBe(0);
  });

  it('is the one that kafkajs makes, of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(crc32c(bytes) | 0).toBe(ofKafkajs(Buffer.from(bytes)) | 0);
      }),
    );
  });

  it('is made by ours in kafkajs', async () => {
    const client = new URL('./kafka-log.js', import.meta.url).href;
    const script = `await import(${JSON.stringify(client)});
      const { createRequire } = await import('node:module');
      const made = createRequire(${JSON.stringify(client)})('kafkajs/src/protocol/recordBatch/crc32C/crc32C.js');
      const whole = createRequire(${JSON.stringify(client)})('kafkajs/src/protocol/recordBatch/crc32C');
      process.stdout.write(made.name + ' ' + whole(Buffer.from('123456789')));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    expect(stdout).toBe('crc32c 3808858755');
  });
});
