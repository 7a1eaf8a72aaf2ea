import type { DeadLetter } from '@linli/bus';
import type { Command } from '@linli/contracts';
import { COMMANDS } from './casework.js';
import type { District } from './district.js';

/** Offsets of commands that were set aside as they came: nobody can know what they were, or for whom. */
export const lettersOf = ({ casework }: District): Set<string> =>
  new Set(
    casework.tables
      .reader()
      .rows<DeadLetter>('dead_letter')
      .map(({ partition, offset }) => `${partition} ${offset}`),
  );

export interface Logged {
  readonly commandId: string;
  readonly aggregateId: string;
  readonly place: string;
}

/** Every readable command in the log, in its order, once. */
export const logged = ({ broker }: District): Logged[] => {
  const seen = new Map<string, Logged>();
  for (const { partition } of broker.marks(COMMANDS.name)) {
    for (const { value, offset } of broker.read(COMMANDS.name, partition, 0)) {
      if (!value || value.length < 2) continue;
      const { commandId, aggregateId } = JSON.parse(value.toString()) as Command;
      if (!seen.has(commandId))
        seen.set(commandId, { commandId, aggregateId, place: `${partition} ${offset}` });
    }
  }
  return [...seen.values()];
};

/** Where each command stands in the log. */
export const placesOf = (district: District): ReadonlyMap<string, string> =>
  new Map(logged(district).map(({ commandId, place }) => [commandId, place]));
