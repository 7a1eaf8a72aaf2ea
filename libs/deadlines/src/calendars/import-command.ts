import type { Answer, CommandHandler } from '@linli/bus';
import { calendarCommands, type Command, type Principal } from '@linli/contracts';
import { refuse, type Refusal } from '@linli/kernel';
import type { WorkingCalendars } from './working-calendars.js';
import { importCalendar } from './import-calendar.js';

/** A calendar is of the whole tenant: a key that is limited to areas may not change it. */
export const mayImport = ({ scopes, areas }: Pick<Principal, 'scopes' | 'areas'>): Refusal | null =>
  scopes.includes('calendars:write') && areas === null
    ? null
    : refuse('CAL_FORBIDDEN', 'forbidden', 'This needs a key with the scope calendars:write, for all areas.');

const refused = (refusal: Refusal): Answer => ({ refusal });

/** `calendar.import`, which every service that takes commands handles. */
export const calendarHandlers = <Tx>(
  service: string,
  calendars: WorkingCalendars<Tx>,
): ReadonlyMap<string, { readonly version: number; readonly handle: CommandHandler<Tx> }> => {
  const handle: CommandHandler<Tx> = async (command: Command, handling) => {
    const forbidden = mayImport(command.principal);
    if (forbidden) return refused(forbidden);
    const read = calendarCommands['calendar.import'].safeParse(command.data);
    if (!read.success)
      return refused(
        refuse('BODY_INVALID', 'invalid', `This does not fit calendar.import: ${read.error.message}`),
      );
    return importCalendar(
      calendars,
      handling,
      { ...read.data, tenant: command.tenant },
      { service, command },
    );
  };
  return new Map([['calendar.import', { version: 1, handle }]]);
};
