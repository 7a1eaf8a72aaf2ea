import type { Principal } from '@linli/contracts';
import type { Refusal } from '@linli/kernel';
import type { IncomingHttpHeaders } from 'node:http';
import type { KnownPlaces } from '../../clients/intake-views.js';
import type { Pack } from './packing.js';
import type { Taken } from './take-in.js';

/** A request on its way to a thread. The bytes are moved, not copied. */
export interface Task {
  readonly id: number;
  readonly body: ArrayBuffer;
  readonly headers: IncomingHttpHeaders;
  readonly caller: Principal;
  /** Only when the thread does not have them yet: they may be many. */
  readonly known: KnownPlaces | null;
  readonly now: number;
  readonly correlationId: string;
}

/** Answer and records in one piece of memory, which is moved as well. */
interface Packed {
  readonly bytes: ArrayBuffer;
  readonly answerBytes: number;
  readonly packs: readonly { readonly partition: number; readonly bytes: number }[];
}

export type Verdict =
  | { readonly taken: Packed }
  | Extract<Taken, { noneTaken: unknown }>
  | { readonly refused: Refusal }
  | { readonly fault: string };

/** What was taken, as bytes: the answer too, so that nobody has to write it once more. */
export interface TakenBytes {
  readonly answer: Buffer;
  readonly packs: readonly Pack[];
}

export const packedBytes = ({ answer, packs }: Extract<Taken, { answer: string }>): Packed => {
  const answerBytes = Buffer.byteLength(answer);
  const memory = new Uint8Array(packs.reduce((sum, { value }) => sum + value.length, answerBytes));
  Buffer.from(memory.buffer).write(answer);
  let at = answerBytes;
  for (const { value } of packs) {
    memory.set(value, at);
    at += value.length;
  }
  const sizes = packs.map(({ partition, value }) => ({ partition, bytes: value.length }));
  return { bytes: memory.buffer, answerBytes, packs: sizes };
};

export const unpackedBytes = ({ bytes, answerBytes, packs }: Packed): TakenBytes => {
  let at = answerBytes;
  return {
    answer: Buffer.from(bytes, 0, answerBytes),
    packs: packs.map(({ partition, bytes: length }) => {
      at += length;
      return { partition, value: Buffer.from(bytes, at - length, length) };
    }),
  };
};
