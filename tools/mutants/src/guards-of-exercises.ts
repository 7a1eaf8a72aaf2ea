import type { Mutant } from './mutant.js';

const check = [{ project: 'apps/risk', tier: 'int', specs: 'exercises' }] as const;

/** What keeps exercises and what is real apart. */
export const guardsOfExercises: readonly Mutant[] = [
  {
    name: 'exercise-in-the-real-place',
    without: 'signals of an exercise have a place of their own',
    patches: [
      {
        file: 'apps/risk/src/store/identity.ts',
        text: "...(exercise ? ['exercise'] : [])",
        instead: '...(exercise ? [] : [])',
      },
    ],
    checks: check,
  },
  {
    name: 'exercise-told-as-real',
    without: 'who knows only the first version of a fact hears of no exercise',
    patches: [
      {
        file: 'apps/risk/src/published.ts',
        text: 'if (ofExercise !== undefined && !exercise) return',
        instead: 'if (ofExercise !== undefined) return',
      },
    ],
    checks: check,
  },
  {
    name: 'exercise-as-activity',
    without: 'an exercise does not raise the other groups in its grid',
    patches: [
      {
        file: 'apps/risk/src/use-cases/awaken-places.ts',
        text: 'event.grid === null || event.exercise',
        instead: 'event.grid === null',
      },
    ],
    checks: check,
  },
  {
    name: 'exercise-merged',
    without: 'a warning of an exercise and a real one are not merged',
    patches: [
      {
        file: 'apps/risk/src/domain/warning.guards.ts',
        text: 'other.exercise !== warning.exercise',
        instead: 'other.exercise === undefined',
      },
    ],
    checks: [{ project: 'apps/risk', tier: 'unit', specs: 'warning.guards' }],
  },
  {
    name: 'exercise-in-accuracy',
    without: 'an exercise counts in no measure',
    patches: [
      {
        file: 'apps/risk/src/queries/accuracy.ts',
        text: "w.status <> 'merged' AND NOT w.exercise",
        instead: "w.status <> 'merged'",
      },
    ],
    checks: check,
  },
  {
    name: 'exercise-as-work',
    without: 'an exercise is no work that waits',
    patches: [
      {
        file: 'libs/deadlines/src/store/postgres/sla-statements.ts',
        text: "'exercise = ?'",
        instead: "'?::boolean is not null'",
      },
    ],
    checks: check,
  },
];
