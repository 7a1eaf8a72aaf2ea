import { startOfShanghaiDay } from '@linli/kernel';
import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '@linli/store';
import { gridOf, lookAround } from './around.js';
import { addToBaseline, emptyBaseline } from '../domain/baseline.js';
import type { Rule } from '../domain/parameters.js';
import { alone, assess, baseOf, scoreOf, type Assessment, type Surroundings } from '../domain/score.js';
import { windowStart } from '../domain/window.js';
import { emptyTally, prune, tallyOf, type Tally } from '../domain/tally.js';
import type { RuleBook } from './rules.js';
import { events, type StoredSignal } from '../store/events.js';
import type { Place } from '../store/place.row.js';
import { places } from '../store/places.js';
import type { Final, WarningRecord } from '../store/warning.row.js';

/** A score computed again from the stored events, beside what was stored. */
export interface Recomputation {
  readonly rule: Rule;
  readonly shown: Final;
  readonly signals: readonly StoredSignal[];
  readonly tally: Tally;
  readonly around: Surroundings;
  readonly neighbours: readonly Place[];
  readonly score: number;
  /** Score, and for an open place also its tally and baseline, are the stored ones. */
  readonly equal: boolean;
}

/** The signals of one generation of a place that are in the window at `t`. */
export const signalsOf = (
  tx: Transaction,
  { id, generation }: Pick<Place, 'id' | 'generation'>,
  t: number,
  { parameters }: Rule,
): Promise<StoredSignal[]> =>
  events.within(tx, [
    { placeId: id, generation, from: startOfShanghaiDay(windowStart(t, parameters.windowDays)) },
  ]);

/** The place with tally and baseline made anew from all its events, as they stood at `t`. */
const remade = async (tx: Transaction, place: Place, t: number, rule: Rule): Promise<Place> => {
  const signals = await signalsOf(tx, place, t, rule);
  const days = gridOf(place) ? await events.byDay(tx, place.id) : new Map<number, number>();
  return {
    ...place,
    tally: tallyOf(signals, t, rule),
    baseline: addToBaseline(emptyBaseline, days, t, rule.parameters),
  };
};

const storedIsEqual = (stored: Place, made: Place, t: number, rule: Rule): boolean => {
  const { parameters } = rule;
  const tally = prune(stored.tally ?? emptyTally(rule), windowStart(t, parameters.windowDays), rule);
  const baseline = addToBaseline(stored.baseline, new Map(), t, parameters);
  return isDeepStrictEqual([tally, baseline], [made.tally, made.baseline]);
};

/**
 * Computes an assessed place again, with its neighbours: nothing is taken from stored tallies. A sensitive period entered
 * since is not the assessment's; one that was taken away since is missed.
 */
export const recomputePlace = async (
  tx: Transaction,
  place: Place,
  shown: Final,
  book: RuleBook,
): Promise<Recomputation> => {
  const { t, version } = shown.assessment;
  const rule = book.ruleAs(place, version);
  const made = await remade(tx, place, t, rule);
  const looked = await lookAround(tx, [made], book, t);
  const neighbours: Place[] = [];
  for (const neighbour of looked.neighbours(made)) neighbours.push(await remade(tx, neighbour, t, rule));
  const seen = looked.of(made);
  const around = {
    ...seen,
    neighbours: neighbours.flatMap(({ tally }) => (tally ? [tally] : [])),
    periods: seen.periods.filter(({ name }) => shown.assessment.periods.includes(name)),
  };
  const tally = made.tally ?? emptyTally(rule);
  const { score } = assess(tally, around, t, rule);
  return {
    ...{ rule, shown, tally, around, neighbours, score },
    signals: await signalsOf(tx, place, t, rule),
    equal: score === shown.assessment.score && storedIsEqual(place, made, t, rule),
  };
};

/** What was around an ended place is gone; it is taken from the record of its last assessment. */
const endedScore = (tally: Tally, recorded: Assessment, rule: Rule): number => {
  const own = assess(tally, alone, recorded.t, rule);
  const { sensitivePeriod, compound, anomaly, neighbours } = recorded;
  const base = baseOf(own.own + rule.parameters.neighbour * neighbours, rule);
  const { repeat, vulnerable } = own;
  return scoreOf({ base, repeat, vulnerable, sensitivePeriod, compound, anomaly });
};

const recomputeEnded = async (
  tx: Transaction,
  { warning, tenant }: WarningRecord,
  shown: Final,
  book: RuleBook,
): Promise<Recomputation> => {
  const { t, version, score: stored } = shown.assessment;
  const rule = book.ruleAs({ tenant, category: warning.category }, version);
  const signals = await signalsOf(tx, { id: warning.placeId, generation: warning.generation }, t, rule);
  const tally = tallyOf(signals, t, rule);
  const score = endedScore(tally, shown.assessment, rule);
  return {
    ...{ rule, shown, signals, tally, score, around: alone, neighbours: [] },
    equal: score === stored,
  };
};

/** Null for a warning whose place was never assessed in its generation. */
export const recomputeWarning = async (
  tx: Transaction,
  record: WarningRecord,
  book: RuleBook,
): Promise<Recomputation | null> => {
  if (!record.shown) return null;
  if (!record.open) return recomputeEnded(tx, record, record.shown, book);
  const [place] = await places.find(tx, [record.warning.placeId]);
  return place ? recomputePlace(tx, place, record.shown, book) : null;
};

/** What is read in one of these is of one instant: nothing moves between two statements. */
export const asOfOneInstant = async (tx: Transaction): Promise<void> => {
  await tx.execute('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
};
