import type { TopicSpec } from '@linli/contracts';
import type { Rows } from '../checkers/rows.js';
import type { Change } from './member/doors.js';
import type { Wish } from './wishes.js';

// All instants in milliseconds, those of rows by the clock of PostgreSQL.

/** A change that the aggregate was asked for, as its witness wrote it down. */
export interface AskedRow {
  readonly deadlineId: string;
  readonly change: Change;
  /** Of the deadline after it; 0: it was refused. */
  readonly version: number;
  readonly refused: string | null;
  /** How the aggregate judged it. */
  readonly inTime: boolean;
  /** When the log took it. */
  readonly appendedAt: number;
  readonly doneAt: number;
}

/** A firing that the aggregate heard of. */
export interface HeardRow {
  readonly deadlineId: string;
  readonly round: number;
  readonly rung: number;
  readonly counts: boolean;
  readonly at: number;
}

/** A rung that was taken. */
export interface FiringRow {
  readonly deadlineId: string;
  readonly round: number;
  readonly rung: number;
  readonly version: number;
  readonly name: string;
  readonly at: number;
  readonly claimedAt: number;
  readonly annulled: boolean;
  /** The transaction that took it. */
  readonly sweep: string;
}

export interface DeadlineRow {
  readonly id: string;
  readonly aggregateId: string;
  readonly state: string;
  readonly next: number;
  readonly nextAt: number | null;
  readonly endedAt: number | null;
  readonly round: number;
  readonly rungs: readonly { readonly name: string; readonly at: number | null; readonly due: boolean }[];
}

/** A version of a deadline. */
export interface VersionRow {
  readonly deadlineId: string;
  readonly version: number;
  readonly kind: string;
  readonly due: number | null;
  readonly recordedAt: number;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A stretch in which one process had to take all that had fallen due while none ran. */
export interface Recovery extends Span {
  readonly topic: TopicSpec;
  readonly ids: ReadonlySet<string>;
}

export interface Evidence {
  readonly wishes: readonly Wish[];
  readonly asked: readonly AskedRow[];
  readonly heard: readonly HeardRow[];
  readonly firings: readonly FiringRow[];
  readonly deadlines: readonly DeadlineRow[];
  readonly versions: readonly VersionRow[];
  /** In which no process ran, in order and apart. */
  readonly dark: readonly Span[];
  readonly recoveries: readonly Recovery[];
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

/** The rows that a run left. */
export const rowsOf = async (
  rows: Rows,
  schema: string,
): Promise<Omit<Evidence, 'wishes' | 'dark' | 'recoveries'>> => ({
  asked: await rows<AskedRow>(
    `select deadline_id as "deadlineId", body as change, version, refused, in_time as "inTime",
       ${ms('appended_at')} as "appendedAt", ${ms('done_at')} as "doneAt" from ${schema}.asked order by id`,
  ),
  heard: await rows<HeardRow>(
    `select deadline_id as "deadlineId", round, rung, counts, ${ms('at')} as at from ${schema}.heard order by id`,
  ),
  firings: await rows<FiringRow>(
    `select deadline_id as "deadlineId", round, rung, version, name, ${ms('at')} as at,
       ${ms('claimed_at')} as "claimedAt", void as annulled, xmin::text as sweep
     from ${schema}.deadline_firing order by claimed_at`,
  ),
  deadlines: await rows<DeadlineRow>(
    `select id, aggregate_id as "aggregateId", state, next_rung as next, ${ms('next_at')} as "nextAt",
       ${ms('ended_at')} as "endedAt", round, rungs from ${schema}.deadline`,
  ),
  versions: await rows<VersionRow>(
    `select deadline_id as "deadlineId", version, kind, ${ms('due')} as due, ${ms('recorded_at')} as "recordedAt"
     from ${schema}.deadline_change order by deadline_id, version`,
  ),
});
