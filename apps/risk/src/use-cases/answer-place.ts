import type { Handling } from '@linli/bus';
import { shanghaiDayOf } from '@linli/kernel';
import { response202601, reopensUntil } from '../domain/response.js';
import type { WarningFact } from '../domain/warning.facts.js';
import { ended, type Warning } from '../domain/warning.js';
import type { Answered } from '../store/place.row.js';
import { places } from '../store/places.js';
import { clearPlace } from './clear-place.js';

const answers: ReadonlySet<WarningFact['type']> = new Set(['lowered', 'monitoring', 'closed', 'reopened']);

const restingOf = ({ monitoredAt, closedAt }: Warning): Answered['resting'] =>
  monitoredAt === null
    ? null
    : { since: monitoredAt, until: closedAt === null ? null : reopensUntil(response202601, closedAt) };

/** A warning that is reopened was answered when the danger seemed gone. */
const answeredAt = (before: Warning | null, after: Warning): number =>
  after.monitoredAt ?? before?.monitoredAt ?? after.updatedAt;

/**
 * Lets the place of a warning know what people decided: it ended and starts from nothing, its colour went down, or it
 * rests until a newer signal comes.
 */
export const answerPlace = async (
  facts: readonly WarningFact[],
  before: Warning | null,
  after: Warning,
  handling: Handling,
): Promise<void> => {
  if (ended.has(after.status)) return clearPlace(after, handling);
  if (!facts.some(({ type }) => answers.has(type))) return;
  const { placeId: id, generation, level } = after;
  await places.answer(handling.tx, { id, generation }, level, {
    day: shanghaiDayOf(answeredAt(before, after)),
    resting: restingOf(after),
  });
};
