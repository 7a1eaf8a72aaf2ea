import type { Handling } from '@linli/bus';
import { HOUR, startOfShanghaiDay } from '@linli/kernel';
import { reachOf, type Actor } from '../domain/authority.js';
import { coolSince } from '../domain/cooling.js';
import { unseen, type Seen } from '../domain/context.js';
import { coolingHours, response202601 } from '../domain/response.js';
import { windowStart } from '../domain/window.js';
import type { WarningCommand } from '../domain/warning.commands.js';
import type { Warning } from '../domain/warning.js';
import { events } from '../store/events.js';
import { places } from '../store/places.js';
import { warnings } from '../store/warnings.js';
import { lookAround } from './around.js';
import { openRuleBook } from './rules.js';

type Looking = (
  handling: Handling,
  tenant: string,
  warning: Warning,
  actor: Actor,
  command: WarningCommand,
) => Promise<Partial<Seen>>;

/** Since when the score of the place has been low enough for the next lower colour. */
const cooling: Looking = async ({ tx, now: clock }, tenant, warning) => {
  const now = clock.getTime();
  const [place] = await places.find(tx, [warning.placeId]);
  if (!place || place.generation !== warning.generation) return {};
  const book = await openRuleBook(tx, [tenant], now);
  const rule = book.ruleOf(place);
  const { thresholds, windowDays } = rule.parameters;
  const bound = {
    below: (thresholds[warning.level - 1] ?? 0) - response202601.cooling.margin,
    span: coolingHours(response202601, warning.level) * HOUR,
  };
  const from = startOfShanghaiDay(windowStart(now - bound.span, windowDays));
  const signals = await events.within(tx, [{ placeId: place.id, generation: place.generation, from }]);
  const around = (await lookAround(tx, [place], book, now)).of(place);
  return { coolSince: coolSince(signals, around, now, bound, rule) };
};

/** The warning to merge into, if the actor may see it; locked, so that it does not end meanwhile. */
const other: Looking = async ({ tx }, tenant, _warning, actor, command) => {
  if (command.type !== 'merge') return {};
  const found = (await warnings.findLocked(tx, tenant, command.into))?.warning ?? null;
  return { other: found && reachOf(actor, found.area) !== null ? found : null };
};

const newestSignal: Looking = async ({ tx }, _tenant, { placeId, generation }) => {
  const [place] = await places.find(tx, [placeId]);
  return { newestSignalAt: place?.generation === generation ? (place.tally?.newest ?? null) : null };
};

const lookings: { readonly [C in WarningCommand['type']]?: Looking } = {
  lower: cooling,
  monitor: cooling,
  merge: other,
  expire: newestSignal,
};

/** What a command asks about beside the warning itself. */
export const see = async (
  handling: Handling,
  tenant: string,
  warning: Warning | null,
  actor: Actor,
  command: WarningCommand,
): Promise<Seen> => {
  const look = warning && lookings[command.type];
  return look ? { ...unseen, ...(await look(handling, tenant, warning, actor, command)) } : unseen;
};
