import { randomBytes } from 'node:crypto';
import { type Server, type Socket, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { TopicSpec } from '@linli/contracts';
import { findStack } from '@linli/testing';
import kafkajs, { type Admin } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { logConformance } from '../../conformance/log.conformance.js';
import { Gate, Reader, until } from '../../conformance/reader.js';
import type { Log, NewRecord } from '../log.js';
import { kafkaLog } from './kafka-log.js';

const stack = await findStack();
const brokers = stack?.kafkaBrokers.split(',') ?? [];
const onKafka = stack ? describe : describe.skip;

const record = (partition: number, text: string): NewRecord => ({
  partition,
  key: null,
  value: Buffer.from(text),
  headers: {},
});

const newSpec = (partitions = 2): TopicSpec => ({
  name: `test.${randomBytes(6).toString('hex')}.v1`,
  partitions,
  holds: 'commands',
});

afterAll(async () => {
  await stack?.stop();
});

onKafka('a real broker', () => {
  logConformance('Kafka', async () => kafkaLog({ brokers, clientId: 'conformance' }), {
    sharesPartitions: true,
    durable: true,
  });

  describe('the Kafka log', () => {
    let log: Log;
    let admin: Admin;

    beforeAll(async () => {
      log = kafkaLog({ brokers, clientId: 'kafka-log-spec' });
      admin = new kafkajs.Kafka({
        brokers,
        clientId: 'operator',
        logLevel: kafkajs.logLevel.NOTHING,
      }).admin();
      await admin.connect();
    });
    afterAll(async () => {
      await log.close();
      await admin.disconnect();
    });

    it('names every setting of a topic that would break a promise, and how to mend it', async () => {
      const topic = newSpec(3);
      const wrong = {
        'retention.ms': '3600000',
        'message.timestamp.type': 'CreateTime',
        'unclean.leader.election.enable': 'true',
        'cleanup.policy': 'compact',
        'max.message.bytes': '1000',
      };
      await admin.createTopics({
        topics: [
          {
            topic: topic.name,
            numPartitions: 3,
            replicationFactor: 1,
            configEntries: Object.entries(wrong).map(([name, value]) => ({ name, value })),
          },
        ],
      });
      const faults = await log.check([topic]);
      const about = (word: string): string | undefined =>
        faults.find(({ fault }) => fault.includes(word))?.mend;
      expect(about('0.0 days where 14 are needed')).toContain(
        `--entity-name ${topic.name} --add-config retention.ms=1209600000`,
      );
      expect(about('CreateTime')).toContain('message.timestamp.type=LogAppendTime');
      expect(about('unclean.leader.election.enable is true')).toContain(
        'unclean.leader.election.enable=false',
      );
      expect(about('cleanup.policy is compact')).toContain('cleanup.policy=delete');
      expect(about('max.message.bytes is 1000')).toContain('max.message.bytes=1000000');
    });

    it('judges acceptance by the clock of the broker', async () => {
      const topic = newSpec();
      await log.provision([topic]);
      const before = Date.now();
      await log.publish(topic, [record(0, 'a')]);
      await until(() => Date.now() > before + 5);
      await log.publish(topic, [record(0, 'b')]);
      const [first, second] = await Promise.all([log.readAt(topic, 0, 0), log.readAt(topic, 0, 1)]);
      const times = [first, second].map((found) => found?.appendedAt.getTime() ?? 0);
      expect(times[1]).toBeGreaterThan(times[0] ?? 0);
    });

    it('asks for the starts anew when records were deleted under a reader, instead of jumping silently', async () => {
      const topic = newSpec(1);
      await log.provision([topic]);
      await log.publish(
        topic,
        ['a', 'b', 'c'].map((text) => record(0, text)),
      );
      const gate = new Gate();
      const reader = await Reader.on(log, topic, {
        answer: async ([first]) => {
          if (first?.offset !== 0) return undefined;
          await gate.passed;
          return { from: 1 };
        },
      });
      await until(() => reader.batches.length === 1);
      // kafkajs finds no leader for a deletion in a topic that it was not asked about before.
      await admin.fetchTopicOffsets(topic.name);
      await admin
        .deleteTopicRecords({ topic: topic.name, partitions: [{ partition: 0, offset: '3' }] })
        .finally(gate.open);
      await until(() => reader.assignments.length === 2);
      expect(reader.assignments[1]).toEqual([{ partition: 0, low: 3, high: 3 }]);
      await log.publish(topic, [record(0, 'd')]);
      await until(() => reader.texts().includes('d'));
      expect(reader.texts()).toEqual(['a', 'b', 'c', 'd']);
      await reader.stop();
    });

    it('tells Kafka how far it is, for the tools that show lag', async () => {
      const topic = newSpec(1);
      const group = `lag.${topic.name}`;
      await log.provision([topic]);
      await log.publish(
        topic,
        ['a', 'b'].map((text) => record(0, text)),
      );
      const reader = await Reader.on(log, topic, { group });
      await until(() => reader.records.length === 2);
      await reader.stop();
      const [told] = await admin.fetchOffsets({ groupId: group, topics: [topic.name] });
      expect(told?.partitions.map(({ offset }) => offset)).toEqual(['2']);
    });
  });
});

describe('the Kafka log without a broker', () => {
  const listen = async (
    onConnection: (socket: Socket) => void,
  ): Promise<{ server: Server; address: string }> => {
    const server = createServer(onConnection);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return { server, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
  };

  it('refuses to publish, within its deadline, when nobody listens', async () => {
    const { server, address } = await listen(() => undefined);
    server.close();
    const log = kafkaLog({ brokers: [address], clientId: 'alone' });
    const before = Date.now();
    await expect(log.publish(newSpec(), [record(0, 'a')])).rejects.toMatchObject({
      name: 'PublishRefused',
      code: 'LOG_UNAVAILABLE',
    });
    expect(Date.now() - before).toBeLessThan(3_500);
    await log.close();
  });

  it('answers within its deadline when the broker is frozen', async () => {
    const sockets: Socket[] = [];
    const { server, address } = await listen((socket) => sockets.push(socket));
    const log = kafkaLog({ brokers: [address], clientId: 'alone' });
    const before = Date.now();
    await expect(log.publish(newSpec(), [record(0, 'a')])).rejects.toMatchObject({ name: 'PublishUnknown' });
    expect(Date.now() - before).toBeLessThan(3_500);
    for (const socket of sockets) socket.destroy();
    server.close();
    await log.close();
  });

  it('says within seconds that it cannot subscribe, and leaves nothing behind', async () => {
    const { server, address } = await listen(() => undefined);
    server.close();
    const log = kafkaLog({ brokers: [address], clientId: 'alone' });
    await expect(Reader.on(log, newSpec())).rejects.toThrow(/ECONNREFUSED/u);
    await log.close();
  });
});
