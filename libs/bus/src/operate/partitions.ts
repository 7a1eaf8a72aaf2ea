import { refuse } from '@linli/kernel';
import type { OpsResult } from '@linli/contracts';
import type { Act } from './act.js';

type Told = Pick<OpsResult, 'effect' | 'detail' | 'messages' | 'remaining'>;

const told = (effect: Told['effect'], detail: string): Told => ({
  effect,
  detail,
  messages: [],
  remaining: 0,
});

interface Resume {
  readonly topic: string;
  readonly partition: number;
  readonly position: number | null;
}

const moved = (from: number, to: number): string => {
  if (to > from) return `goes on from ${to}: records ${from} to ${to - 1} are passed over`;
  return to < from
    ? `goes on from ${to}, which is before ${from}: known messages change nothing`
    : `goes on from ${to}`;
};

/** Lets a halted partition look again, from where it stood or from a position that the operator names. */
export const resumePartition: Act<Resume> = async ({ parts, handling: { tx } }, wish) => {
  const { store, log } = parts;
  const target = parts.targets.find(({ topic }) => topic.name === wish.topic);
  if (!target || wish.partition >= target.topic.partitions)
    return refuse('OPS_PARTITION_NOT_FOUND', 'not-found', 'No such partition is consumed here.');
  const place = { group: target.group, topic: wish.topic, partition: wish.partition };
  const progress = await store.progress.lock(tx, place);
  const rows = await store.operate.partitions(tx, place.group, place.topic);
  const halted = rows.find(({ partition }) => partition === place.partition)?.halted ?? null;
  if (halted === null) return told('nothing', 'it is not halted');
  if (wish.position === null) {
    await store.operate.setHalted(tx, place, null);
    return told('applied', 'it looks again');
  }
  const marks = (await log.watermarks(target.topic)).find(({ partition }) => partition === place.partition);
  if (!marks || wish.position < marks.low || wish.position > marks.high) {
    const range = marks ? `${marks.low} to ${marks.high}` : 'nothing';
    return refuse('OPS_POSITION_OUTSIDE', 'invalid', `The log holds ${range}; name a position there.`);
  }
  await store.operate.setHalted(tx, place, null);
  const start = { offset: wish.position, index: 0, fingerprint: null, crashFrom: null, crashCount: 0 };
  await store.progress.advance(tx, [{ place, from: progress, to: { ...progress, ...start } }]);
  return told('applied', moved(progress.offset, wish.position));
};
