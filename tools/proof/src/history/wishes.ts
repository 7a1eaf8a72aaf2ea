import type { Line } from './history.js';

/** All attempts at one thing, as its client saw them. */
export interface Wish {
  readonly key: string;
  readonly tenant: string;
  readonly cmd: string;
  /** The last word: done (with its status), refused, or never answered. */
  readonly type: 'ok' | 'fail' | 'info';
  readonly status: number | null;
  readonly version: number | null;
  /** Everything final that was answered: statuses with their versions, each once. */
  readonly answers: readonly string[];
  /** Attempts, the last one included. */
  readonly attempts: number;
  readonly began: number;
  readonly ended: number;
  readonly sent: readonly string[];
  readonly taken: readonly string[];
}

const PENDING = 202;

const finalIn = (lines: readonly Line[]): string[] => [
  ...new Set(
    lines
      .filter(({ type, status }) => (type === 'ok' || type === 'fail') && status !== PENDING)
      .map(({ status, version }) => `${status} ${version ?? ''}`.trim()),
  ),
];

const wishOf = (lines: readonly Line[]): Wish => {
  const [first] = lines;
  if (!first) throw new Error('a wish without a line');
  const last = lines.findLast(({ type }) => type === 'ok' || type === 'fail') ?? lines.at(-1) ?? first;
  return {
    key: first.key,
    tenant: first.tenant,
    cmd: first.cmd,
    type: last.type === 'invoke' ? 'info' : last.type,
    status: last.status,
    version: last.version ?? null,
    answers: finalIn(lines),
    attempts: lines.filter(({ type }) => type === 'invoke').length,
    began: first.t,
    ended: last.t,
    sent: first.ids ?? [],
    taken: last.type === 'ok' ? (last.ids ?? []) : [],
  };
};

export const isCommand = ({ cmd }: Pick<Wish, 'cmd'>): boolean => cmd.startsWith('POST /v1/warnings/');
export const isBatch = ({ cmd }: Pick<Wish, 'cmd'>): boolean => cmd === 'POST /v1/risk-events';
export const isLook = ({ cmd }: Pick<Wish, 'cmd'>): boolean => cmd.startsWith('GET ');

/** The wishes of a history, in the order in which they were first sent. */
export const wishesOf = (lines: readonly Line[]): Wish[] => {
  const byKey = new Map<string, Line[]>();
  for (const line of lines) {
    const own = byKey.get(line.key);
    if (own) own.push(line);
    else byKey.set(line.key, [line]);
  }
  return [...byKey.values()].map(wishOf);
};
