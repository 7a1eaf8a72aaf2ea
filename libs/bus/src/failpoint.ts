/** Where a fault suite may hit: the steps at which a crash would hurt if the design were wrong. */
export type Failpoint =
  'after-fence' | 'before-commit' | 'after-commit' | 'after-stamp' | 'before-publish' | 'after-publish';

// LINLI_FAILPOINT=<name>:<nth hit>:<kill | stop | throw>; unset (always, but in fault suites): nothing happens.
const [armed, nth = '1', effect = 'kill'] = (process.env['LINLI_FAILPOINT'] ?? '').split(':');
let hits = 0;

export const failpoint = (name: Failpoint): void => {
  if (name !== armed || ++hits !== Number(nth)) return;
  if (effect === 'throw') throw new Error(`failpoint ${name}`);
  process.kill(process.pid, effect === 'stop' ? 'SIGSTOP' : 'SIGKILL');
};
