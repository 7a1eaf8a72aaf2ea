import { SHIFT_VARIABLE } from './settings.js';

// Loaded before everything else: all that JavaScript sees of the wall clock is wrong by this much. Timers and
// `performance.now()` go by the monotonic clock, here as with a wrong clock of the machine.
const shift = Number(process.env[SHIFT_VARIABLE] ?? '0');
const right = Date;
const wrongNow = (): number => right.now() + shift;

globalThis.Date = new Proxy(right, {
  construct: (target, given: unknown[], newTarget) =>
    Reflect.construct(target, given.length === 0 ? [wrongNow()] : given, newTarget) as Date,
  apply: () => new right(wrongNow()).toString(),
  get: (target, name, receiver) =>
    name === 'now' ? wrongNow : (Reflect.get(target, name, receiver) as unknown),
});
