import { setTimeout as delay } from 'node:timers/promises';
import type { Bus, JournalEntry } from '@linli/bus';
import { riskFacts, WarningRemindedV1, type Principal, type Timeline } from '@linli/contracts';
import type { Secrets } from '@linli/service';
import type { Database } from '@linli/store';
import { NOTE_PURPOSE } from '../parts.js';
import type { WarningRecord } from '../store/warning.row.js';
import { warnings } from '../store/warnings.js';
import { findWarning } from './find-warnings.js';

const types = new Set<string>(riskFacts.map(({ type }) => type));

const text = (data: unknown, name: string): string => {
  const value = (data as Record<string, unknown> | null)?.[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
};

const summaries: Readonly<Record<string, (data: unknown) => string>> = {
  candidate: (data) => `Raised as ${text(data, 'colour')} with score ${text(data, 'score')}.`,
  issued: (data) => `Issued as ${text(data, 'colour')}.`,
  dismissed: (data) => `Dismissed: ${text(data, 'reason')}.`,
  acked: () => 'Acknowledged.',
  escalated: (data) =>
    `Escalated from ${text(data, 'from')} to ${text(data, 'colour')}, score ${text(data, 'score')}.`,
  verified: (data) => `Verified: ${text(data, 'result')}.`,
  plan_set: (data) =>
    `Planned: ${text(data, 'measures')} measures by ${text(data, 'people')} people, due ${text(data, 'due')}.`,
  handed_over: (data) => `Handed over to ${text(data, 'body')}, reference ${text(data, 'reference')}.`,
  updated: () => 'Reported on.',
  linked: (data) => `Linked with the ${text(data, 'kind')} ${text(data, 'target')}.`,
  lowered: (data) => `Lowered from ${text(data, 'from')} to ${text(data, 'colour')}.`,
  monitoring: () => 'The danger is gone; visits begin.',
  visited: (data) => `Visit ${text(data, 'visit')}.`,
  closed: (data) => `Closed: ${text(data, 'outcome')}.`,
  reopened: (data) => `Reopened as ${text(data, 'colour')}, by ${text(data, 'cause')}.`,
  merged: (data) => `Merged into ${text(data, 'into')}: same ${text(data, 'because')}.`,
  expired: () => 'Expired unverified.',
  reminded: (data) => `Reminded (${text(data, 'rung')}): ${text(data, 'clock')} is due ${text(data, 'due')}.`,
  supervised: (data) =>
    `Missed ${text(data, 'clock')}, due ${text(data, 'due')}: supervision level ${text(data, 'supervision')}, notice ${text(data, 'notice')}.`,
};

const isExercise = (data: unknown): boolean => (data as { exercise?: unknown } | null)?.exercise === true;

const summaryOf = ({ type, data }: JournalEntry): string =>
  (isExercise(data) ? 'Exercise. ' : '') + (summaries[type.split('.')[3] ?? '']?.(data) ?? type);

/** The journal is stamped a moment after its facts are stored: so long a reader waits for the one that it knows of. */
const PATIENCE_MS = 1000;
const PAUSE_MS = 20;

const entriesUpTo = async (
  bus: Pick<Bus, 'timeline'>,
  { tenant, warning: { id, version } }: WarningRecord,
): Promise<readonly JournalEntry[]> => {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const entries = await bus.timeline(tenant, id);
    const isThere = entries.some(({ aggregateVersion }) => aggregateVersion >= version);
    if (isThere || performance.now() >= end) return entries;
    await delay(PAUSE_MS);
  }
};

/** What happened to a warning, by whom, when; what people wrote with it is opened for who may see the warning. */
export const timelineOf = async (
  { database, bus, secrets }: { database: Database; bus: Pick<Bus, 'timeline'>; secrets: Secrets },
  principal: Principal,
  id: string,
): Promise<Timeline> => {
  const entries = await entriesUpTo(bus, await findWarning(database, principal, id));
  const notes = await database.readAs(principal, (tx) => warnings.notes(tx, principal.tenant, id));
  const withNote = ({ type, data, aggregateVersion }: JournalEntry): unknown => {
    // A reminder has the version of the change before it, whose note this is.
    const sealed = type === WarningRemindedV1.type ? undefined : notes.get(aggregateVersion);
    return sealed === undefined ? data : { ...(data as object), note: secrets.open(NOTE_PURPOSE, sealed) };
  };
  return {
    items: entries
      .filter(({ type }) => types.has(type))
      .map((entry) => ({
        at: entry.at.toISOString(),
        type: entry.type,
        version: entry.aggregateVersion,
        actor: entry.actor,
        summary: summaryOf(entry),
        data: withNote(entry),
      })),
  };
};
