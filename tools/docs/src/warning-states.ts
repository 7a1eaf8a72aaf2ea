/** A row of the table of moves, as far as the picture needs it (apps/risk/src/domain/warning.moves.ts). */
export interface Row {
  readonly from: readonly string[];
  readonly command: string;
  readonly as?: string;
  /** Roles by level: 1 yellow, 2 orange, 3 red. */
  readonly who: Readonly<Record<1 | 2 | 3, readonly string[]>>;
  readonly unless?: string;
  readonly guards: readonly { readonly name: string; readonly code: string }[];
  readonly to: string;
  readonly starts: readonly string[];
  readonly stops: readonly string[];
  readonly pauses: readonly string[];
  readonly fact: string;
}

const colours = { 1: 'yellow', 2: 'orange', 3: 'red' } as const;

/** Who may, with the colours named only where they differ. */
const whoOf = ({ who }: Row): string => {
  const roles = ([1, 2, 3] as const).map((level) => [colours[level], who[level].join(', ')] as const);
  const same = roles.every(([, each]) => each === roles[0]?.[1]);
  return same ? (roles[0]?.[1] ?? '') : roles.map(([colour, each]) => `${colour}: ${each}`).join('; ');
};

const node = (state: string): string => (state === 'none' ? '[*]' : state);

const commandOf = ({ command, as }: Row): string => (as === undefined ? command : `${command} (${as})`);

const arrows = (row: Row): string[] =>
  row.from.map((from) => `  ${node(from)} --> ${node(row.to === 'same' ? from : row.to)}: ${commandOf(row)}`);

const codes = ({ unless, guards }: Row): string =>
  [...new Set([...guards.map(({ code }) => code), ...(unless === undefined ? [] : [unless])])].join(', ');

const named = (word: string, clocks: readonly string[]): string[] =>
  clocks.map((clock) => `${word} ${clock}`);

const cells = (row: Row): string =>
  [
    row.from.join(', '),
    commandOf(row),
    whoOf(row),
    row.guards.map(({ name }) => name).join(', '),
    row.to,
    [...named('start', row.starts), ...named('stop', row.stops), ...named('pause', row.pauses)].join(', '),
    row.fact,
    codes(row),
  ].join(' | ');

/** The life of a warning as a picture and a table. */
export const warningStates = (moves: readonly Row[]): string =>
  [
    '# The life of a warning',
    '',
    'Printed from `apps/risk/src/domain/warning.moves.ts` by `npm run docs`; do not edit.',
    '',
    '```mermaid',
    'stateDiagram-v2',
    ...moves.flatMap(arrows),
    '```',
    '',
    'Beside the refusals of its row every command knows `WRN_NOT_FOUND`, `WRN_STALE`, `WRN_STATE` and, unless the row',
    'says otherwise, `WRN_NOT_OWNER`. `start` begins a clock anew; `stop` and `pause` concern those that run.',
    '',
    '| from | command | who | guards | to | clocks | fact | refusals |',
    '|---|---|---|---|---|---|---|---|',
    ...moves.map((row) => `| ${cells(row)} |`),
    '',
  ].join('\n');

/** The table of moves is inside the service and stays there; the picture is of what was built. */
export const builtMoves = async (): Promise<readonly Row[]> => {
  const built = new URL('../../../apps/risk/dist/domain/warning.moves.js', import.meta.url);
  const { moves } = (await import(built.href)) as { moves: readonly Row[] };
  return moves;
};
