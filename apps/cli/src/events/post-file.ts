import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Api } from '../client/api.js';
import { Declined } from '../client/faults.js';
import { postEvents } from '../client/intake.js';
import { UsageMistake } from '../exit-code.js';
import { batches, refusals, type Batch, type Refusal } from './batches.js';

export interface Posted {
  readonly lines: number;
  readonly accepted: number;
  readonly quarantined: number;
  readonly rejected: number;
}

export interface Progress {
  onBatch(soFar: Posted): void;
  onRefusal(refusal: Refusal): void;
}

/** Lines of a file; `-` is the standard input. */
export const linesOf = async (file: string): Promise<AsyncIterable<string>> => {
  if (file === '-') return createInterface({ input: process.stdin, crlfDelay: Infinity });
  await access(file).catch(() => {
    throw new UsageMistake(`cannot read ${file}`);
  });
  return createInterface({ input: createReadStream(file), crlfDelay: Infinity });
};

/** A batch that is refused as a whole, by a fault of its content, counts as that many rejected items. */
const refusedWhole = (batch: Batch, { code, detail, status }: Declined): Refusal[] => {
  if (status === 401 || status === 403 || status >= 500) throw new Declined(status, code, detail, null);
  return [...batch.unreadable, ...batch.lines.map((line) => ({ line, id: null, code, detail }))];
};

const postBatch = async (api: Api, batch: Batch) => {
  if (batch.events.length === 0) return { accepted: 0, quarantined: 0, refused: batch.unreadable };
  try {
    const { accepted, quarantined, items } = await postEvents(api, batch.events);
    return { accepted, quarantined, refused: refusals(batch, items) };
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    return { accepted: 0, quarantined: 0, refused: refusedWhole(batch, error) };
  }
};

/** Posts the lines batch by batch, in order. Sending the same file again is safe: duplicates change nothing. */
export const postLines = async (
  api: Api,
  lines: AsyncIterable<string>,
  progress: Progress,
): Promise<Posted> => {
  let posted: Posted = { lines: 0, accepted: 0, quarantined: 0, rejected: 0 };
  for await (const batch of batches(lines)) {
    const { accepted, quarantined, refused } = await postBatch(api, batch);
    for (const refusal of refused) progress.onRefusal(refusal);
    posted = {
      lines: posted.lines + batch.lines.length + batch.unreadable.length,
      accepted: posted.accepted + accepted,
      quarantined: posted.quarantined + quarantined,
      rejected: posted.rejected + refused.length,
    };
    progress.onBatch(posted);
  }
  return posted;
};
