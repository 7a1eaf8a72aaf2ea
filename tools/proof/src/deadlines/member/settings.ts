import { Ladder } from '@linli/deadlines';
import type { TopicSpec } from '@linli/contracts';

/** What a member is told by its launcher; travels as JSON in LINLI_PROOF_DEADLINES. */
export interface MemberSettings {
  readonly databaseUrl: string;
  readonly schema: string;
  /** Null: the log is a table of the database. */
  readonly brokers: readonly string[] | null;
  /** Null: alarms are timers of the process. */
  readonly redisUrl: string | null;
  readonly commands: TopicSpec;
  /** Names the point at which the process stops itself, once; read at each pass. */
  readonly strikeFile: string;
}

export const SETTINGS_VARIABLE = 'LINLI_PROOF_DEADLINES';
/** By how much the clock of a process is wrong, milliseconds. */
export const SHIFT_VARIABLE = 'LINLI_PROOF_SHIFT_MS';

export const settingsFrom = (environment: NodeJS.ProcessEnv): MemberSettings =>
  JSON.parse(environment[SETTINGS_VARIABLE] ?? '') as MemberSettings;

export const PLAIN = 'K_PLAIN';
export const STAIRS = 'K_STAIRS';

/** Of three minutes: 36 s and 9 s before the due time, at it, 3.6 s and 7.2 s after it. */
export const stairs = Ladder.parse({
  clock: STAIRS,
  top: 2,
  rungs: [
    { name: 'early', at: { percent: 80 } },
    { name: 'late', at: { percent: 95 } },
    { name: 'due', at: 'due' },
    { name: 'yellow', at: { percent: 102 }, level: 1 },
    { name: 'red', at: { percent: 104 }, level: 2 },
  ],
});

/** What a member says of itself. */
export interface MemberState {
  /** By its own clock, milliseconds. */
  readonly now: number;
  /** Alarms that rang. */
  readonly rings: number;
  readonly alarmsLost: number;
  /** Sweeps that failed. */
  readonly sweepsFailed: number;
}
