import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  readonly throttleCheckTimeoutId: unknown;
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
}

const patched = Symbol.for('linli.kafkajs.idle-timer-patch');

/**
 * kafkajs 2.2.4 arms a 1 ms timer after every response, for ever, even when nothing is queued and nothing is throttled:
 * about 5 % of a core in a process at rest, and a TimeoutNegativeWarning on newer Node versions
 * (tulios/kafkajs#1751, open). The timer is needed only for requests held back by throttling or by the in-flight limit;
 * without such it is not armed. `push` arms it again when it queues something.
 */
export const patchIdleTimer = (): void => {
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
    prototype: RequestQueue & { [patched]?: boolean };
  };
  if (prototype[patched] || typeof prototype.scheduleCheckPendingRequests !== 'function') return;
  const arm = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function scheduleOnlyIfNeeded(this: RequestQueue): void {
    const nothingHeldBack = this.pending.length === 0 && this.throttledUntil <= Date.now();
    if (nothingHeldBack && this.throttleCheckTimeoutId === null) return;
    arm.call(this);
  };
  prototype[patched] = true;
};
