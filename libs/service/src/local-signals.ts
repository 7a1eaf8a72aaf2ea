import { EventEmitter } from 'node:events';
import type { Signals } from './signals.js';

/** Wake-ups within one process. */
export const localSignals = (): Signals => {
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    raise: (name) => void emitter.emit(name),
    on(name, wake) {
      emitter.on(name, wake);
      return () => void emitter.off(name, wake);
    },
    close() {
      emitter.removeAllListeners();
      return Promise.resolve();
    },
  };
};
