import type { ReplayedMessage } from '@linli/contracts';
import { itemsOf, type Item } from '../consume/item.js';
import type { Ready } from '../consume/kind.js';
import type { Handling } from '../handling.js';
import type { LogRecord } from '../log/log.js';
import type { StoredLetter } from '../store/operate-store.js';
import { apart } from './apart.js';
import type { OperateParts, Target } from './target.js';

export type Replayed = { readonly messages: readonly ReplayedMessage[] } | { readonly fault: string };

const recordOf = (letter: StoredLetter): LogRecord => ({
  topic: letter.topic,
  partition: letter.partition,
  offset: letter.offset,
  key: letter.key,
  value: letter.raw,
  headers: letter.headers,
  appendedAt: letter.appendedAt,
});

/** One item that was set aside alone was kept as it was read; a record, as it came. */
export const itemsIn = <Tx>(target: Target<Tx>, letter: StoredLetter): readonly Item<unknown>[] => {
  const record = recordOf(letter);
  if (letter.index < 0) return target.kind.decode(record);
  const body = { value: JSON.parse(letter.raw?.toString('utf8') ?? 'null') as unknown };
  return itemsOf(record, [body]).map((item) => ({ ...item, index: letter.index }));
};

const unreadable = ({ body }: Item<unknown>): string | null => {
  if ('bad' in body) return body.bad;
  return 'halt' in body ? body.halt : null;
};

const nameOf = ({ item: { record, index } }: Ready<unknown>): string =>
  `${record.topic}/${record.partition}/${record.offset}/${index}`;

const handled = (ready: Ready<unknown>): ReplayedMessage => ({
  ...{ id: nameOf(ready), type: ready.item.record.topic, status: 'handled' },
  ...{ code: null, detail: null },
});

type Parts<Tx> = Omit<OperateParts<Tx>, 'targets'>;

/** All at once; where that fails, one by one: an item at fault gets a dead letter of its own, its neighbours are done. */
const replayItems = async <Tx>(
  parts: Parts<Tx>,
  handling: Handling<Tx>,
  { group, kind }: Target<Tx>,
  ready: readonly Ready<unknown>[],
): Promise<Replayed> => {
  const all = await apart(parts, handling, group, (chunk) => kind.apply(chunk, ready));
  if ('value' in all) return { messages: ready.map(handled) };
  if (ready.length === 1) return all;
  const messages: ReplayedMessage[] = [];
  for (const one of ready) {
    const alone = await apart(parts, handling, group, (chunk) => kind.apply(chunk, [one]));
    if ('value' in alone) messages.push(handled(one));
    else {
      await apart(parts, handling, group, (chunk) => kind.setAside(chunk, one, alone.fault));
      messages.push({ ...handled(one), status: 'set-aside', detail: alone.fault });
    }
  }
  return { messages };
};

/** Runs a dead letter as if it came now: with its own ids, under the fence of its partition. */
export const replayLetter = async <Tx>(
  parts: Parts<Tx>,
  handling: Handling<Tx>,
  target: Target<Tx>,
  letter: StoredLetter,
): Promise<Replayed> => {
  const { group, topic, partition } = letter;
  if (target.how === 'facts')
    return { fault: 'facts come again by themselves, from the journal of their producer: discard it' };
  await parts.store.progress.lock(handling.tx, { group, topic, partition });
  const items = itemsIn(target, letter);
  const wrong = items.map(unreadable).find((why) => why !== null);
  if (wrong !== undefined) return { fault: `it still cannot be read: ${wrong}` };
  const ready = items.flatMap((item): Ready<unknown>[] =>
    'value' in item.body ? [{ item, value: item.body.value }] : [],
  );
  const again = target.kind.again?.bind(target.kind);
  if (!again) return replayItems(parts, handling, target, ready);
  const done = await apart(parts, handling, group, async (chunk) => {
    const messages: ReplayedMessage[] = [];
    for (const one of ready) messages.push(await again(chunk, one));
    return messages;
  });
  return 'value' in done ? { messages: done.value } : done;
};
