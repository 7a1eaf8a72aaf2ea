import { describe, expect, it } from '@jest/globals';
import { unpackIntake } from './unpack-intake.js';

const frame = { tenant: 'yuhang', receivedAt: 1, correlationId: 'c' };
const packed = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

describe('a packed record', () => {
  it('is unpacked into its events, each with what they share, a faulty one too', () => {
    expect(unpackIntake(packed({ ...frame, events: [{ id: 'a' }, 'faulty'] }))).toEqual([
      { ...frame, event: { id: 'a' } },
      { ...frame, event: 'faulty' },
    ]);
  });

  it.each(['not JSON', '{}', '{"tenant":"t","receivedAt":1,"correlationId":"c","events":{}}', '[]'])(
    'that is %s cannot be read at all',
    (text) => {
      expect(() => unpackIntake(Buffer.from(text))).toThrow();
    },
  );
});
