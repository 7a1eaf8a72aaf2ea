import { once } from 'node:events';
import type { Writable } from 'node:stream';

const HEARTBEAT_MS = 15_000;
const END_OF_EVENT = /\n\n$/u;

/** Copies server-sent events, with a comment now and then that keeps the line open and never falls into an event. */
export const copyEvents = async (
  from: AsyncIterable<Uint8Array>,
  to: Writable,
  heartbeatMs = HEARTBEAT_MS,
): Promise<void> => {
  const decoder = new TextDecoder();
  let between = true;
  const heartbeat = setInterval(() => between && to.write(': still here\n\n'), heartbeatMs);
  try {
    for await (const chunk of from) {
      const text = decoder.decode(chunk, { stream: true });
      between = text === '' ? between : END_OF_EVENT.test(text);
      if (!to.write(text)) {
        await Promise.race([once(to, 'drain'), once(to, 'close')]);
      }
    }
  } finally {
    clearInterval(heartbeat);
  }
};
