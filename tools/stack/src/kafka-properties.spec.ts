import { describe, expect, it } from '@jest/globals';
import { brokerProperties, type BrokerPlan } from './kafka-properties.js';

const plan = (id: number, listeners: BrokerPlan['listeners'] = []): BrokerPlan => ({
  id,
  port: 9000 + id,
  controllerPort: 9100 + id,
  listeners,
});

const lines = (text: string): string[] => text.trim().split('\n');

describe('the properties of a broker', () => {
  it('keep the promises with one copy when it stands alone', () => {
    const alone = plan(1);
    expect(lines(brokerProperties(alone, [alone], '/data'))).toEqual(
      expect.arrayContaining([
        'node.id=1',
        'controller.quorum.voters=1@127.0.0.1:9101',
        'listeners=PLAINTEXT://127.0.0.1:9001,CONTROLLER://127.0.0.1:9101',
        'advertised.listeners=PLAINTEXT://127.0.0.1:9001',
        'min.insync.replicas=1',
        'log.message.timestamp.type=LogAppendTime',
        'auto.create.topics.enable=false',
        'unclean.leader.election.enable=false',
        'group.initial.rebalance.delay.ms=0',
        'log.dirs=/data/data',
      ]),
    );
  });

  it('ask for two of three copies when there are three', () => {
    const all = [plan(1), plan(2), plan(3)];
    expect(lines(brokerProperties(plan(2), all, '/data'))).toEqual(
      expect.arrayContaining([
        'node.id=2',
        'controller.quorum.voters=1@127.0.0.1:9101,2@127.0.0.1:9102,3@127.0.0.1:9103',
        'default.replication.factor=3',
        'min.insync.replicas=2',
        'offsets.topic.replication.factor=3',
      ]),
    );
  });

  it('announce a further door where its proxy stands', () => {
    const one = plan(1, [{ name: 'PROXIED', port: 9201, advertisedPort: 9301 }]);
    expect(lines(brokerProperties(one, [one], '/data'))).toEqual(
      expect.arrayContaining([
        'listeners=PLAINTEXT://127.0.0.1:9001,CONTROLLER://127.0.0.1:9101,PROXIED://127.0.0.1:9201',
        'advertised.listeners=PLAINTEXT://127.0.0.1:9001,PROXIED://127.0.0.1:9301',
        'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT',
      ]),
    );
  });
});
