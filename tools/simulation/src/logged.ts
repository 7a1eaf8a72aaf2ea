import type { DeadLetter } from '@linli/bus';
import type { Command } from '@linli/contracts';
import { COMMANDS } from './casework.js';
import type { District } from './district.js';

/** Offsets of commands that were set aside as they came: nobody can know what they were, or for whom. */
const lettersOf = ({ casework }: District): Set<string> =>
  new Set(
    casework.tables
      .reader()
      .rows<DeadLetter>('dead_letter')
      .map(({ partition, offset }) => `${partition} ${offset}`),
  );

interface Logged {
  readonly commandId: string;
  readonly aggregateId: string;
  readonly place: string;
}

/** Every readable copy of a command, in the order of the log. */
const copies = ({ broker }: District): Logged[] =>
  broker.marks(COMMANDS.name).flatMap(({ partition }) =>
    broker.read(COMMANDS.name, partition, 0).flatMap(({ value, offset }) => {
      if (!value || value.length < 2) return [];
      const { commandId, aggregateId } = JSON.parse(value.toString()) as Command;
      return [{ commandId, aggregateId, place: `${partition} ${offset}` }];
    }),
  );

/** Commands in their order: where the first copy stands that was not set aside. */
export const logged = (district: District): Logged[] => {
  const letters = lettersOf(district);
  const seen = new Map<string, Logged>();
  for (const copy of copies(district)) {
    if (!letters.has(copy.place) && !seen.has(copy.commandId)) seen.set(copy.commandId, copy);
  }
  return [...seen.values()];
};

/** Commands of which a copy was set aside as it came. */
export const setAside = (district: District): ReadonlySet<string> => {
  const letters = lettersOf(district);
  return new Set(
    copies(district)
      .filter(({ place }) => letters.has(place))
      .map(({ commandId }) => commandId),
  );
};
