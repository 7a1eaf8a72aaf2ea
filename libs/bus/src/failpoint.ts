import { existsSync, readFileSync } from 'node:fs';

/** Where a fault suite may hit: the steps at which a crash would hurt if the design were wrong. */
export const failpoints = [
  'before-produce',
  'produce-sent',
  'after-produce',
  'while-waiting',
  'after-fetch',
  'before-fence',
  'after-fence',
  'in-command',
  'while-parking',
  'before-commit',
  'commit-sent',
  'after-commit',
  'before-offset-commit',
  'before-stamp',
  'mid-stamp',
  'after-stamp',
  'before-publish',
  'after-publish',
] as const;
export type Failpoint = (typeof failpoints)[number];

// LINLI_FAILPOINT: `<name>:<nth hit>:<kill | stop | throw>`, several with commas; or `@<file>` that holds this text and
// is read at every hit, so that a running process can be armed. Unset (always, but in fault suites): nothing happens.
const setting = process.env['LINLI_FAILPOINT'] ?? '';
const file = setting.startsWith('@') ? setting.slice(1) : null;
let read: string | null = null;
let hits = new Map<Failpoint, number>();

const armedNow = (): string => {
  if (file === null) return setting;
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (text !== read) hits = new Map();
  read = text;
  return text;
};

const hit = (name: Failpoint): void => {
  const armed = armedNow()
    .split(',')
    .map((one) => one.trim().split(':'))
    .find(([point]) => point === name);
  if (!armed) return;
  const [, nth = '1', effect = 'kill'] = armed;
  const count = (hits.get(name) ?? 0) + 1;
  hits.set(name, count);
  if (effect === 'throw' && count >= Number(nth)) throw new Error(`failpoint ${name}`);
  if (count === Number(nth)) process.kill(process.pid, effect === 'stop' ? 'SIGSTOP' : 'SIGKILL');
};

const nothing = (): void => undefined;

/** A step at which a fault suite may end, freeze or fail this process: `throw` fails from the nth hit on. */
export const failpoint: (name: Failpoint) => void = setting === '' ? nothing : hit;

/** The same once what was just begun has left through its socket, and before an answer can have come. */
export const failpointOnceSent: (name: Failpoint) => void =
  setting === '' ? nothing : (name) => void setImmediate(() => hit(name));
