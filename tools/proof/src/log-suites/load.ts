import { commandRecord, type NewRecord } from '@linli/bus';
import type { Command, TopicSpec } from '@linli/contracts';
import { DAY } from '@linli/kernel';
import { createHash } from 'node:crypto';
import type { Told } from './member/doors.js';
import { TELL } from './member/doors.js';
import { signer } from './member/signer.js';
import type { Ground } from './ground.js';

/** The same text gives the same id. */
export const idOf = (text: string): string => {
  const hex = createHash('sha256').update(text).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
};

/** Command `n` on a key. Its id comes from the run and `n`: sent twice, it is the same command. */
export const aCommand = (run: string, key: string, told: Told): Command => ({
  commandId: idOf(`${run} command ${told.n}`),
  type: TELL,
  version: 1,
  tenant: 'proof',
  aggregateId: key,
  principal: { tenant: 'proof', keyId: 'proof', name: 'proof', scopes: [], areas: null },
  expectedVersion: null,
  requestHash: `hash of ${told.n}`,
  notAfter: new Date(Date.now() + DAY).toISOString(),
  acceptedAt: new Date().toISOString(),
  correlationId: `${run}-${told.n}`,
  causationId: null,
  hops: 0,
  data: told,
});

export const recordsOf = (commands: readonly Command[], topic: TopicSpec): NewRecord[] =>
  commands.map((command) => commandRecord(command, topic, signer));

export const publish = (
  { log }: Pick<Ground, 'log'>,
  topic: TopicSpec,
  commands: readonly Command[],
): Promise<void> => log.publish(topic, recordsOf(commands, topic));
