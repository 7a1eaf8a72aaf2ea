import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Command, TopicSpec } from '@linli/contracts';
import { CloudEvent } from 'cloudevents';
import type { LogRecord, NewRecord } from '../log/log.js';
import { commandRecord, readCommand } from './command-record.js';
import { factRecord, readFact } from './fact-record.js';
import { macSigner } from './signer.js';
import { streamRecord } from './stream-record.js';

const topic: TopicSpec = { name: 'test.v1', partitions: 12, holds: 'commands' };
const signer = macSigner((text) => createHmac('sha256', 'key').update(text).digest());
const read = (record: NewRecord): LogRecord => ({
  topic: 'test.v1',
  offset: 0,
  appendedAt: new Date(),
  ...record,
});

const command: Command = {
  commandId: '00000000-0000-4000-8000-000000000001',
  type: 'risk.acknowledge-warning',
  version: 1,
  tenant: 'yuhang',
  aggregateId: '00000000-0000-4000-8000-000000000002',
  principal: { tenant: 'yuhang', keyId: 'k', name: '值班', scopes: ['warnings:write'], areas: ['330106'] },
  expectedVersion: 3,
  requestHash: 'h',
  notAfter: '2026-11-24T12:00:00Z',
  acceptedAt: '2026-11-23T12:00:00Z',
  correlationId: 'c',
  causationId: null,
  hops: 0,
  data: { note: '已到场' },
};

describe('a command record', () => {
  it('is read as it was written, and names its type', () => {
    const record = commandRecord(command, topic, signer);
    expect(readCommand(read(record), signer)).toEqual({ value: command });
    expect(record).toMatchObject({
      key: command.aggregateId,
      headers: { 'linli-type': 'risk.acknowledge-warning' },
    });
  });

  it('is bad when anything in it changed, or another key signed it', () => {
    const record = read(commandRecord(command, topic, signer));
    const changed = Buffer.from(String(record.value).replace('330106', '110101'));
    const other = macSigner((text) => createHmac('sha256', 'other').update(text).digest());
    const bad = { bad: 'signature does not verify' };
    expect(readCommand({ ...record, value: changed }, signer)).toEqual(bad);
    expect(readCommand(record, other)).toEqual(bad);
    expect(readCommand({ ...record, headers: {} }, signer)).toEqual(bad);
    expect(readCommand({ ...record, value: null }, signer)).toEqual({ bad: 'no value' });
  });

  it('is bad when it is signed but no command', () => {
    const signed = (text: string) =>
      readCommand(
        read({
          partition: 0,
          key: null,
          value: Buffer.from(text),
          headers: { 'linli-signature': signer.sign(text) },
        }),
        signer,
      );
    expect(signed('{')).toHaveProperty('bad', expect.stringContaining('not JSON'));
    expect(signed('{}')).toHaveProperty('bad', expect.stringContaining('not a command'));
  });
});

describe('a stream record', () => {
  it('goes to the partition of its key and carries JSON, or bytes as they are', () => {
    // FNV-1a of 'a' is 3826002220.
    expect(streamRecord(topic, 'a', [{ id: 1 }], { tenant: 't' })).toEqual({
      partition: 3826002220 % 12,
      key: 'a',
      value: Buffer.from('[{"id":1}]'),
      headers: { 'content-type': 'application/json', tenant: 't' },
    });
    expect(streamRecord(topic, 'a', Buffer.from([0, 255])).value).toEqual(Buffer.from([0, 255]));
  });
});

describe('a fact record', () => {
  const row = {
    ...{ topic: 'linli.risk.warnings.v1', kind: 'fact' as const, type: 'linli.risk.warning.issued.v1' },
    ...{
      eventId: '00000000-0000-4000-8000-000000000003',
      tenant: 'yuhang',
      aggregateVersion: 7,
      actor: 'key-1',
    },
    ...{ aggregateId: '00000000-0000-4000-8000-000000000002', commandId: null, correlationId: 'c', hops: 2 },
    ...{ causationId: '00000000-0000-4000-8000-000000000001', at: new Date('2026-11-23T12:00:00.123Z') },
    ...{ payload: '{"colour":"红"}', partition: 4, seq: 42, epoch: 3, previousHash: '', hash: '' },
  };

  it('is a CloudEvent in binary mode by the letter of the specification', () => {
    const { headers, value } = factRecord(row, 'risk');
    const attributes = Object.entries(headers)
      .filter(([name]) => name.startsWith('ce_'))
      .map(([name, text]) => [name.slice(3), text]);
    const event = new CloudEvent({
      ...Object.fromEntries(attributes),
      data: JSON.parse(String(value)) as unknown,
    });
    expect(event.validate()).toBe(true);
    expect(event).toMatchObject({
      specversion: '1.0',
      id: '00000000-0000-4000-8000-000000000003',
      source: '/linli/risk',
      type: 'linli.risk.warning.issued.v1',
      subject: '00000000-0000-4000-8000-000000000002',
      time: '2026-11-23T12:00:00.123Z',
      partitionkey: '00000000-0000-4000-8000-000000000002',
      sequence: '0000000000000042',
      correlationid: 'c',
      causationid: '00000000-0000-4000-8000-000000000001',
      linliepoch: '3',
      data: { colour: '红' },
    });
    expect(headers['content-type']).toBe('application/json');
  });

  it('is read as it was written', () => {
    expect(readFact(read(factRecord(row, 'risk')))).toEqual({
      value: {
        seq: 42,
        epoch: 3,
        hops: 2,
        fact: {
          id: '00000000-0000-4000-8000-000000000003',
          source: '/linli/risk',
          type: 'linli.risk.warning.issued.v1',
          subject: '00000000-0000-4000-8000-000000000002',
          time: '2026-11-23T12:00:00.123Z',
          tenant: 'yuhang',
          aggregateVersion: 7,
          correlationId: 'c',
          causationId: '00000000-0000-4000-8000-000000000001',
          actor: 'key-1',
          data: { colour: '红' },
        },
      },
    });
  });

  it('has no header for a cause that there is not', () => {
    expect(factRecord({ ...row, causationId: null }, 'risk').headers).not.toHaveProperty('ce_causationid');
  });
});
