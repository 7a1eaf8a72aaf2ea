import type { Answer, Handling } from '@linli/bus';
import type { Command, DeadlineReached } from '@linli/contracts';
import { MINUTE, refuse } from '@linli/kernel';
import type { Transaction } from '@linli/store';
import { stateOf } from '../domain/silence.js';
import { silenceReminded } from '../published.js';
import { silences, type Silence } from '../store/silences.js';
import { clocksIn } from './keep-clocks.js';

/** The clock that reminds the owner of a silence; its deadline has the id of the silence. */
export const SILENCE_CLOCK = 'silence';

type Order = Pick<Command, 'tenant' | 'aggregateId' | 'principal'>;

/** Starts the clock of a silence: on the register, where it is ended too, so that the two have one order. */
export const armReminder = (
  silence: Silence,
  { tenant, aggregateId, principal: { keyId } }: Order,
  { tx, appendedAt: at }: Handling,
): void => {
  const { id, area, from, remindAt } = silence;
  const amount = Math.ceil((remindAt - from) / MINUTE);
  clocksIn(tx).arms.push({
    deadline: {
      ...{ id, tenant, area, unit: area, calendar: 'default', aggregateId, clock: SILENCE_CLOCK, from },
      budget: { basis: 'wall', amount, unit: 'minutes' },
    },
    ...{ at, note: { by: keyId, reason: 'silence' } },
  });
};

/** Nobody is reminded any more. */
export const endReminder = (
  { id }: Pick<Silence, 'id'>,
  tenant: string,
  by: string,
  { tx, appendedAt: at }: Pick<Handling, 'tx' | 'appendedAt'>,
): void => {
  const note = { by, reason: 'silence over or its owner reminded' };
  clocksIn(tx).amends.push({ tenant, id, amendment: { kind: 'end' }, at, note });
};

const over: Answer = {
  refusal: refuse('RSK_SILENCE_NOT_FOUND', 'not-found', 'There is no such silence that still holds.'),
};

/** Reminds the owner of a silence that holds: in the stream, and in the list. Its clock has done its work then. */
export const remindOfSilence = async (
  firing: DeadlineReached,
  { tenant }: Pick<Command, 'tenant'>,
  handling: Handling,
): Promise<Answer> => {
  const tx: Transaction = handling.tx;
  const clocks = clocksIn(tx);
  if (!clocks.counts(firing)) return over;
  clocks.hear(firing);
  endReminder({ id: firing.deadlineId }, tenant, 'system', handling);
  const at = Math.max(handling.now.getTime(), Date.parse(firing.reachedAt));
  const silence = await silences.find(tx, tenant, firing.deadlineId);
  if (!silence || stateOf(silence, at) !== 'holds') return over;
  await silences.remind(tx, tenant, silence.id, at);
  handling.tell(silenceReminded(tenant, silence));
  return { resource: { id: silence.id, remindedAt: new Date(at).toISOString() }, version: 1 };
};
