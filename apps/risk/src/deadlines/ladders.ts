import { RISK_COMMANDS } from '@linli/contracts';
import { Ladder, type Favour } from '@linli/deadlines';
import type { KeepsDeadlines } from '@linli/service';
import type { ClockName } from '../domain/response.js';
import { SILENCE_CLOCK } from '../use-cases/silence-reminder.js';

/**
 * Whose time each clock is (decision 0019). A visit is owed to the people of the place, so that an imported calendar only
 * brings it nearer; all others run between offices.
 */
const clocks: Readonly<Record<ClockName | typeof SILENCE_CLOCK, Favour>> = {
  ack: 'none',
  verify: 'none',
  plan: 'none',
  update: 'none',
  reassess: 'none',
  visits: 'earlier',
  expiry: 'none',
  [SILENCE_CLOCK]: 'none',
};

const early = [
  { name: 'half', at: { percent: 50 } },
  { name: 'most', at: { percent: 80 } },
];

/** Reminds twice, is missed at the due time, and says so again when the same time has passed once more, and once more. */
const answering = (clock: ClockName): Ladder =>
  Ladder.parse({
    clock,
    top: 3,
    rungs: [
      ...early,
      { name: 'due', at: 'due', level: 1 },
      { name: 'twice', at: { percent: 200 }, level: 2 },
      { name: 'thrice', at: { percent: 300 }, level: 3 },
    ],
  });

const visits = Ladder.parse({ clock: 'visits', rungs: [early[1], { name: 'due', at: 'due' }] });
const expiry = Ladder.parse({ clock: 'expiry', top: 1, rungs: [{ name: 'due', at: 'due', level: 1 }] });

const silence = Ladder.parse({ clock: SILENCE_CLOCK, rungs: [{ name: 'due', at: 'due' }] });

/** The clocks of warnings and silences; the level of a rung is the number of the notice that it gives (`Reached.notice`). */
export const warningClocks: KeepsDeadlines = {
  topic: RISK_COMMANDS,
  type: 'risk.reach-deadline',
  clocks,
  ladders: [
    ...(['ack', 'verify', 'plan', 'update', 'reassess'] as const).map(answering),
    visits,
    expiry,
    silence,
  ],
};
