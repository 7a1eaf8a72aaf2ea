import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { unlessUnavailable } from '@linli/testing';
import type { Counts } from '../counts.js';
import { auditOf } from './audit.suite.js';
import { factsUnderFaults } from './facts.suite.js';
import { openGround, type Ground } from './ground.js';
import { isolationOf } from './isolation.suite.js';
import { lossOfLog } from './log-loss.suite.js';
import { deadlyCommands, poisonousMessages } from './poison.suite.js';

const SEED = 20_261_123;
const STALL_MS = 6_000;

describe('the log under faults, on Kafka and PostgreSQL', () => {
  let ground: Ground | null;
  beforeAll(async () => {
    ground = await unlessUnavailable(openGround);
  }, 120_000);
  afterAll(() => ground?.stop());

  it('T5: every fact told is heard once, in the order of its stream', async () => {
    if (!ground) return;
    const counts = await factsUnderFaults(ground, SEED);
    expect(counts['facts']).toBeGreaterThanOrEqual(10_000);
  });

  describe('when no line of the tellers is cut any more', () => {
    let deadly: Promise<Counts | Error>;
    let audited: Promise<Counts | Error>;

    beforeAll(() => {
      if (!ground) return;
      // These mostly wait for the group to notice each death: the others run meanwhile.
      deadly = deadlyCommands(ground).catch((error: Error) => error);
      audited = auditOf(ground, SEED).catch((error: Error) => error);
    });

    it('T7: losing or changing the log is detected, never silent', async () => {
      if (!ground) return;
      const counts = await lossOfLog(ground);
      expect(counts).toMatchObject({ halted: 10, reported: 1, 'topic made anew while it is read': 1 });
    });

    it('T8: poison harms only its key, which keeps its order', async () => {
      if (!ground) return;
      const counts = await poisonousMessages(ground, SEED);
      expect(counts).toMatchObject({ commands: 2_000, unreadable: 2, 'items set aside': 1 });
    });

    it('T8: a command that kills the process is set aside after five deaths, one that never ends too', async () => {
      if (!ground) return;
      expect(await deadly).toMatchObject({ 'deaths by what kills': 5, 'deaths by what loops': 5 });
    });

    it('T18: the journal is complete, and shows every change made to it', async () => {
      if (!ground) return;
      expect(await audited).toMatchObject({ killed: 3, tampers: 23 });
    });

    it('T19: a partition that stands still holds up no other', async () => {
      if (!ground) return;
      const counts = await isolationOf(ground, STALL_MS);
      expect(counts).toMatchObject({ 'blocked key': 1, 'locked progress': 1 });
    });
  });
});
