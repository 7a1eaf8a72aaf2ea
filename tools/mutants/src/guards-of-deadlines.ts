import type { Check, Mutant } from './mutant.js';

const unit = (specs: string): Check => ({ project: 'libs/deadlines', tier: 'unit', specs });
const int = (specs: string): Check => ({ project: 'libs/deadlines', tier: 'int', specs });
const risk = (specs: string): Check => ({ project: 'apps/risk', tier: 'int', specs });

/** Guards of what time brings. */
export const guardsOfDeadlines: readonly Mutant[] = [
  {
    name: 'rung-without-key',
    without: 'a rung of a deadline is claimed by a unique key',
    patches: [
      {
        file: 'libs/deadlines/src/store/postgres/firing-statements.ts',
        text: 'on conflict do nothing',
        instead: 'on conflict (deadline_id, round, rung) do update set claimed_at = excluded.claimed_at',
      },
    ],
    checks: [int('postgres-deadlines')],
  },
  {
    name: 'fires-early',
    without: "nothing fires before its time by the database's clock",
    patches: [
      {
        file: 'libs/deadlines/src/store/postgres/firing-statements.ts',
        text: 'select id from deadline where next_at <= ${now} ${which}',
        instead: "select id from deadline where next_at <= ${now} + interval '2 minutes' ${which}",
      },
    ],
    checks: [int('postgres-deadlines')],
  },
  {
    name: 'no-sweeper',
    without: 'deadlines fire without an alarm',
    patches: [
      {
        file: 'libs/deadlines/src/firing/sweeper.ts',
        text: 'this.loop.start();',
        instead: 'void this.loop;',
      },
    ],
    checks: [unit('sweeper')],
  },
  {
    name: 'sweeper-that-holds-on',
    without: 'a sweeper that stopped in its transaction loses its locks before they are late',
    patches: [
      {
        file: 'libs/deadlines/src/store/postgres/postgres-deadlines.ts',
        text: "idle_in_transaction_session_timeout = '2s'",
        instead: "idle_in_transaction_session_timeout = '10s'",
      },
    ],
    checks: [int('open-deadlines')],
  },
  {
    name: 'command-that-holds-on',
    without: 'a command that stopped in its transaction lets go of its deadlines before they are late',
    patches: [
      {
        file: 'libs/deadlines/src/store/postgres/postgres-deadlines.ts',
        text: "'idle_in_transaction_session_timeout', '2s', true",
        instead: "'idle_in_transaction_session_timeout', '10s', true",
      },
    ],
    checks: [int('postgres-deadlines')],
  },
  {
    name: 'alarm-without-version',
    without: "the name of an alarm holds the deadline's version",
    patches: [
      {
        file: 'libs/deadlines/src/alarm/alarm.ts',
        text: '{ deadlineId, version, round, rung }: AlarmTime): string =>\n  `sla-${deadlineId}-v${version}-r',
        instead: '{ deadlineId, round, rung }: AlarmTime): string =>\n  `sla-${deadlineId}-r',
      },
    ],
    checks: [unit('timer-alarm')],
  },
  {
    name: 'firing-of-a-moved-deadline',
    without: 'a firing under way counts no more when its rung was moved into the future',
    patches: [
      {
        file: 'libs/deadlines/src/ledger/deadlines.ts',
        text: 'if (rewound.length > 0) await',
        instead: 'if (rewound.length > 1e9) await',
      },
    ],
    checks: [unit('memory-deadlines')],
  },
  {
    name: 'firing-of-an-ended-deadline',
    without: 'a firing under way counts no more when its deadline has ended (C-7)',
    patches: [
      {
        file: 'libs/deadlines/src/ledger/deadlines.ts',
        text: 'deadline?.endedAt === null && held[n]',
        instead: 'deadline && held[n]',
      },
    ],
    checks: [unit('memory-deadlines')],
  },
  {
    name: 'import-against-a-resident',
    without: 'an imported calendar moves nothing against a resident',
    patches: [
      {
        file: 'libs/deadlines/src/ledger/weigh.ts',
        text: "if (favour === 'none') return wanted;",
        instead: 'if (favour) return wanted;',
      },
    ],
    checks: [unit('amend')],
  },
  {
    name: 'miss-that-escalates-twice',
    without: 'a firing of an earlier start of a clock counts no more',
    patches: [
      {
        file: 'apps/risk/src/deadlines/reach-deadline.ts',
        text: "stand?.state === 'runs' && deadlineIdOf(aggregateId, clock, stand.run) === firing.deadlineId",
        instead: "stand?.state === 'runs' && deadlineIdOf(aggregateId, clock, stand.run) !== ''",
      },
    ],
    checks: [risk('reach-deadline')],
  },
  {
    name: 'clocks-outside-of-the-transaction',
    without: 'clocks are armed in the transaction that starts them',
    patches: [
      {
        file: 'apps/risk/src/commands/hold-warnings.ts',
        text: 'await allOf([write(), writeClocks(deadlines, together, clocks)]);',
        instead: `await write();
      together.afterCommit(() => void writeClocks(deadlines, together, clocks).catch(() => undefined));`,
      },
    ],
    checks: [risk('reach-deadline')],
  },
  {
    name: 'late-by-a-backlog',
    without: 'a clock ends when the log took the command, not when it was handled (C-7)',
    patches: [
      {
        file: 'apps/risk/src/use-cases/change-warning.ts',
        text: '{ appendedAt: at, tx }: Handling',
        instead: '{ now: at, tx }: Handling',
      },
    ],
    checks: [risk('reach-deadline')],
  },
  {
    name: 'policy-for-who-comes-later',
    without: 'a response policy waits for those who start clocks by the one before',
    patches: [
      {
        file: 'apps/risk/src/use-cases/set-policy.ts',
        text: 'await responsePolicies.claim(tx);',
        instead: 'void responsePolicies;',
      },
    ],
    checks: [risk('set-response-policy')],
  },
  {
    name: 'policy-and-an-old-firing',
    without: 'a firing that a response policy took back is not heard',
    patches: [
      {
        file: 'apps/risk/src/use-cases/set-policy.ts',
        text: 'await countAgain(deadlines, tx, tenant);',
        instead: 'void countAgain;',
      },
    ],
    checks: [risk('set-response-policy')],
  },
];
