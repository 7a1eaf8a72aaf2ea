import { guardsOfConsumers } from './guards-of-consumers.js';
import { guardsOfDeadlines } from './guards-of-deadlines.js';
import { guardsOfDoors } from './guards-of-doors.js';
import { guardsOfExercises } from './guards-of-exercises.js';
import { guardsOfJournal } from './guards-of-journal.js';
import type { Mutant } from './mutant.js';

/** Every guard of the road, each to be missed by some test. */
export const mutants: readonly Mutant[] = [
  ...guardsOfConsumers,
  ...guardsOfJournal,
  ...guardsOfDoors,
  ...guardsOfDeadlines,
  ...guardsOfExercises,
];
