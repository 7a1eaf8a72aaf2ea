import { Budget, WhatIfAnswer, type WhatIf, type WhatIfMove } from '@linli/contracts';
import { calendarIn } from '../calendar/read-file.js';
import { Api } from '../client/api.js';
import type { Connection } from '../commands/connection.js';
import { exitCode, UsageMistake, type ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';

/** `5 working days`, `30 minutes`: without a basis, time as it passes. */
export const budgetOf = (text: string): Budget => {
  const [, amount, basis = 'wall', unit = ''] =
    /^([0-9]{1,6}) +(?:(wall|calendar|working) +)?(minute|hour|day)s?$/u.exec(text.trim()) ?? [];
  const read = Budget.safeParse({ amount: Number(amount), basis, unit: `${unit}s` });
  if (read.success) return read.data;
  throw new UsageMistake(
    `"${text}" is no budget: write it as "5 working days", "30 minutes" or "15 calendar days"`,
  );
};

const counted = (n: number): string => `${n} deadline${n === 1 ? '' : 's'}`;

const moveLine = ({ clock, aggregateId, id, from, to, late }: WhatIfMove): string =>
  `    ${clock} of ${aggregateId} (${id})  ${from ?? 'still'} → ${to ?? 'still'}${late ? '  LATE AT ONCE' : ''}`;

const linesOf = ({ moving, earlier, later, late, deadlines }: WhatIfAnswer): string[] => [
  moving === 0
    ? 'no deadline would move'
    : `${counted(moving)} would move: ${earlier} earlier, ${later} later, ${late} late at once`,
  ...deadlines.map(moveLine),
  ...(moving > deadlines.length ? [`    and ${moving - deadlines.length} more`] : []),
];

/** Deadlines that would be late at once are a problem. */
const ask = async ({ url, key, json }: Connection, order: WhatIf, terminal: Terminal): Promise<ExitCode> => {
  const seen = WhatIfAnswer.parse(await new Api(url, key).command('/v1/sla/what-if', order));
  if (json) terminal.out(JSON.stringify(seen));
  else linesOf(seen).forEach((line) => terminal.out(line));
  return seen.late === 0 ? exitCode.ok : exitCode.problems;
};

/** `linli sla what-if policy`: another budget for a clock. */
export const whatIfPolicy = (
  clock: string,
  budget: string,
  { unit, ...connection }: Connection & { readonly unit?: string },
  terminal: Terminal,
): Promise<ExitCode> => {
  const order: WhatIf = { change: 'policy', clock, budget: budgetOf(budget), ...(unit && { unit }) };
  return ask(connection, order, terminal);
};

/** `linli sla what-if calendar`: a file that would be imported. */
export const whatIfCalendar = async (
  file: string,
  { calendar, ...connection }: Connection & { readonly calendar: string },
  terminal: Terminal,
): Promise<ExitCode> =>
  ask(connection, { change: 'calendar', calendar, content: await calendarIn(file) }, terminal);
