import type { Handling } from '@linli/bus';
import { RISK_COMMANDS, type RiskCommand } from '@linli/contracts';
import type { Transaction } from '@linli/store';
import type { Level } from '../domain/colour.js';
import type { Rule } from '../domain/parameters.js';
import { assess, assessmentInstant, levelFrom, type Assessment } from '../domain/score.js';
import { emptyTally } from '../domain/tally.js';
import { lookAround, withCurrentTallies, type Around } from './around.js';
import type { RuleBook } from './rules.js';
import { warningIdOf } from '../store/identity.js';
import type { Place } from '../store/place.row.js';
import { places } from '../store/places.js';
import type { Final } from '../store/warning.row.js';

const assessmentBy = (place: Place, around: Around, rule: Rule, now: number): Assessment => {
  const tally = place.tally ?? emptyTally(rule);
  const surroundings = around.of(place);
  return assess(tally, surroundings, assessmentInstant(now, tally, surroundings), rule);
};

const assessed = (place: Place, around: Around, book: RuleBook, now: number): Place => {
  const assessment = assessmentBy(place, around, book.ruleOf(place), now);
  return { ...place, assessedAt: now, assessment, score: assessment.score };
};

/** What a place shows; null before its first assessment. Where no level was told, it follows from the rest but the score. */
export const shownOf = async (tx: Transaction, place: Place, book: RuleBook): Promise<Final | null> => {
  const { assessment, assessedAt, point, score, tally } = place;
  if (assessedAt === null || score === null) return null;
  if (assessment) return { assessment, assessedAt, point };
  const rule = tally ? book.ruleAs(place, tally.version) : book.ruleOf(place);
  const around = await lookAround(tx, [place], book, assessedAt);
  return { assessment: { ...assessmentBy(place, around, rule, assessedAt), score }, assessedAt, point };
};

type Assessed = Place & { readonly assessment: Assessment; readonly assessedAt: number };

const isAssessed = (place: Place): place is Assessed =>
  place.assessment !== null && place.assessedAt !== null;

const tellRise = (place: Assessed, level: Level, handling: Handling, correlationId?: string): Place => {
  const { assessment, assessedAt, generation, rounds } = place;
  handling.send({
    topic: RISK_COMMANDS.name,
    type: 'risk.evaluate-warning',
    tenant: place.tenant,
    aggregateId: warningIdOf(place.id, generation),
    identity: [place.id, generation, level, ...(rounds > 0 ? [rounds] : [])],
    ...(correlationId !== undefined && { correlationId }),
    data: {
      ...{ placeId: place.id, generation, level, score: assessment.score },
      assessedAt: new Date(assessedAt).toISOString(),
    } satisfies RiskCommand<'risk.evaluate-warning'>,
  });
  return { ...place, toldLevel: level };
};

/** The same wish while the place rests: what comes before it is heard is one with it. */
const tellSignal = (place: Assessed, signalAt: number, handling: Handling, correlationId?: string): void =>
  handling.send({
    topic: RISK_COMMANDS.name,
    type: 'risk.revive-warning',
    tenant: place.tenant,
    aggregateId: warningIdOf(place.id, place.generation),
    identity: [place.id, place.generation, 'revive', place.rounds],
    ...(correlationId !== undefined && { correlationId }),
    data: { signalAt: new Date(signalAt).toISOString() } satisfies RiskCommand<'risk.revive-warning'>,
  });

/** The level that an assessed place shows to its warning: of what people answered already only the score counts. */
export const levelToTell = ({ assessment, answered, tally }: Place, rule: Rule): Level => {
  if (!assessment) return 0;
  if (!answered || !tally) return assessment.level;
  return levelFrom(assessment, tally, answered.day, rule);
};

/**
 * Tells the warning of a place that its level rose, once per level (the place remembers what it told); or, while the
 * danger is gone, that a newer signal came.
 */
const tell = (place: Place, rule: Rule, handling: Handling, correlationId?: string): Place => {
  if (!isAssessed(place)) return place;
  const resting = place.answered?.resting;
  if (resting) {
    const newest = place.tally?.newest ?? 0;
    if (newest > resting.since) tellSignal(place, newest, handling, correlationId);
    return place;
  }
  const level = levelToTell(place, rule);
  return level > place.toldLevel ? tellRise(place, level, handling, correlationId) : place;
};

/**
 * Assesses locked places by what is around them, tells what rose, and saves them. `changed` are the places as they are
 * now, `requests` those that brought the events, by place.
 */
export const assessAround = async (
  around: Around,
  changed: readonly Place[],
  book: RuleBook,
  handling: Handling,
  requests: ReadonlyMap<string, string | undefined> = new Map(),
): Promise<void> => {
  const now = handling.now.getTime();
  const told = changed.map((place) =>
    tell(assessed(place, around, book, now), book.ruleOf(place), handling, requests.get(place.id)),
  );
  await places.save(handling.tx, told);
};

/** The same for places that changed otherwise than by an event. */
export const assessAndSave = async (
  changed: readonly Place[],
  book: RuleBook,
  handling: Handling,
): Promise<void> => {
  const { tx, now } = handling;
  const current = await withCurrentTallies(tx, changed, book, now.getTime());
  const around = await lookAround(tx, current, book, now.getTime());
  await assessAround(around, current, book, handling);
};
