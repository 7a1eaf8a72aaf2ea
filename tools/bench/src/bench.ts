import { rmSync, mkdirSync, writeFileSync } from 'node:fs';
import { openCommands } from './groups/commands.js';
import { openDeadlineRows } from './groups/deadlines.js';
import { openDoor } from './groups/door.js';
import { openEmbedded } from './groups/embedded.js';
import { openRoad, openStored } from './groups/road.js';
import type { BenchOptions, RowName } from './options.js';
import { hottest } from './profile/hottest.js';
import { machine, machineLine } from './report/machine.js';
import { rowLines, verdictLines } from './report/print.js';
import { judge } from './report/targets.js';
import { interleaved, type Group, type Measured } from './rounds.js';

type Say = (line: string) => void;

interface GroupOf {
  readonly rows: readonly RowName[];
  open(options: BenchOptions): Promise<Group>;
}

/** Rows that are compared stand in one group, and take turns. */
const groups: readonly GroupOf[] = [
  { rows: ['a', 'c', 'd'], open: openDoor },
  { rows: ['b', 'e', 'f', 'visible'], open: openRoad },
  { rows: ['million'], open: openStored },
  { rows: ['g'], open: openCommands },
  { rows: ['embedded'], open: openEmbedded },
  { rows: ['d1', 'd2', 'd3', 'd4'], open: openDeadlineRows },
];

const run = async (group: GroupOf, options: BenchOptions, say: Say): Promise<Measured[]> => {
  const opened = await group.open(options);
  try {
    for (const note of opened.notes ?? []) say(note);
    const onSample = (row: { id: string; unit: string }, round: number, { value }: { value: number }): void =>
      say(`  ${round === 0 ? 'warm-up' : `round ${round}`} ${row.id} ${Math.round(value)} ${row.unit}`);
    const measured = await interleaved(opened.rows, { ...options, onSample });
    const more = (await opened.after?.(measured)) ?? [];
    for (const line of (await opened.report?.()) ?? []) say(line);
    return [...measured, ...more];
  } finally {
    await opened.close();
  }
};

/** Measures what the options ask for, prints it and writes it; the rows and the verdicts come back. */
export const bench = async (options: BenchOptions, say: Say): Promise<Measured[]> => {
  const here = machine();
  say(machineLine(here));
  if (options.profile !== null) {
    rmSync(options.profile, { recursive: true, force: true });
    mkdirSync(options.profile, { recursive: true });
  }
  const rows: Measured[] = [];
  for (const group of groups)
    if (group.rows.some((row) => options.only.has(row))) rows.push(...(await run(group, options, say)));
  const verdicts = judge(rows);
  for (const line of ['', ...rowLines(rows), '', ...verdictLines(verdicts)]) say(line);
  if (options.profile !== null) for (const line of hottest(options.profile)) say(line);
  if (options.json !== null)
    writeFileSync(
      options.json,
      `${JSON.stringify({ machine: here, options: { ...options, only: [...options.only] }, rows, verdicts }, null, 2)}\n`,
    );
  return rows;
};
