import type { Assignment } from '../log/log.js';
import { beginning, type Place, type Progress } from '../store/bus-store.js';
import { fingerprintOf } from './fingerprint.js';
import type { ConsumerParts } from './parts.js';

/** Where to start a partition, or why not: what would be skipped or repeated unseen. */
export type Start = { readonly from: number } | { readonly halt: string };

const trouble = async <Tx, T>(
  parts: ConsumerParts<Tx, T>,
  { partition, low, high }: Assignment,
  progress: Progress,
): Promise<string | null> => {
  const { offset, fingerprint } = progress;
  if (offset < low)
    return `records ${offset} to ${low - 1} expired unread: find out what they were, then move on`;
  if (offset > high) return `the log ends at ${high}, but ${offset} was read: it was cut off or made anew`;
  if (fingerprint === null) return null;
  const before = await parts.log.readAt(parts.topic, partition, offset - 1);
  if (!before || fingerprintOf(before) === fingerprint) return null;
  return `the record at ${offset - 1} is not the one that was read there: the topic was made anew`;
};

/**
 * Whoever had the partition may have worked on after the marks were read: a log that holds what was read was not cut
 * off. Rejects, so that the log asks again with its marks of now.
 */
const refuseOldMarks = async <Tx, T>(
  { log, topic }: ConsumerParts<Tx, T>,
  { partition, high }: Assignment,
  offset: number,
): Promise<void> => {
  const marks = await log.watermarks(topic);
  if (!marks.some((mark) => mark.partition === partition && mark.high >= offset)) return;
  throw new Error(
    `${topic.name}/${partition} went on from ${high} to ${offset} meanwhile: to be asked again`,
  );
};

/** Facts are known by their number, not by their offset: read again from the start of what is held, gaps are healed. */
const rewind = async <Tx, T>({ store }: ConsumerParts<Tx, T>, place: Place, low: number): Promise<void> =>
  store.transaction('consumer', async (tx) => {
    const row = await store.progress.lock(tx, place);
    const to = { ...row, offset: low, index: 0, fingerprint: null };
    await store.progress.advance(tx, [{ place, from: row, to }]);
  });

/** Compares what we remember with what the log has (expired, cut off, made anew). */
export const startOf = async <Tx, T>(
  parts: ConsumerParts<Tx, T>,
  place: Place,
  assignment: Assignment,
  progress: Progress = beginning,
): Promise<Start> => {
  if (progress.offset > assignment.high) await refuseOldMarks(parts, assignment, progress.offset);
  const wrong = await trouble(parts, assignment, progress);
  if (wrong === null) return { from: progress.offset };
  if (!parts.kind.numberOf) return { halt: wrong };
  parts.logger.warn(
    { ...place, wrong },
    'reading again from the start of the log; the journal heals the rest',
  );
  await rewind(parts, place, assignment.low);
  return { from: assignment.low };
};
