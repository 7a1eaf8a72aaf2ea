import { readCut } from '../casework/casework.js';
import { readDistrict } from '../casework/district.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { opening } from '../print/opening.js';
import { paintFor } from '../print/palette.js';
import type { StartSystem } from '../system.js';
import { givenStage, ownStage, type Stage } from './stage.js';
import { tellStory, type StoryResult } from './story.js';

export interface DemoOptions {
  /** End after the story; otherwise the system runs on until `ended`. */
  readonly exit: boolean;
  readonly out: (line: string) => void;
  readonly colour?: boolean;
  /** A system that runs already; with neither, one is started by `start` on `port`. */
  readonly url?: string;
  readonly key?: string;
  readonly start?: StartSystem;
  readonly port?: number;
  readonly quietMs?: number;
  /** Resolves when the person has seen enough. */
  readonly ended?: Promise<void>;
}

/** The last line of `--exit`. */
export interface DemoSummary {
  readonly events: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly quarantined: number;
  readonly duplicates: number;
  readonly warnings: { readonly red: number; readonly orange: number; readonly yellow: number };
  readonly acknowledged: number;
  /** Warnings of exercises, not among the others. */
  readonly exercises: number;
  readonly seconds: number;
}

export interface DemoResult {
  readonly code: ExitCode;
  readonly summary: DemoSummary | null;
}

const QUIET_MS = 1500;
const never = new Promise<void>(() => {});

const openStage = (options: DemoOptions): Promise<Stage> => {
  const cut = readCut();
  if (options.url !== undefined && options.key !== undefined) {
    return Promise.resolve(givenStage(options.url, options.key, cut));
  }
  if (!options.start) throw new Error('runDemo needs a url and a key, or a way to start a system');
  return ownStage(options.start, options.port ?? 0, cut);
};

const ready = ({ admin, clock }: Stage, startedAt: number): string => {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  return clock
    ? `The system is ready at ${admin.url} after ${seconds} s; its clock follows the story.`
    : `The story goes to ${admin.url}, which keeps its own time: the dates are moved so that it ends yesterday.`;
};

const summaryOf = ({ sent, held, warnings }: StoryResult, startedAt: number): DemoSummary => {
  const real = warnings.filter(({ exercise }) => !exercise);
  const count = (colour: string): number => real.filter((warning) => warning.colour === colour).length;
  return {
    events: sent.sent,
    accepted: sent.accepted,
    rejected: sent.rejected,
    quarantined: sent.quarantined,
    duplicates: held.duplicates,
    warnings: { red: count('red'), orange: count('orange'), yellow: count('yellow') },
    acknowledged: real.filter(({ acknowledgedAt }) => acknowledgedAt !== null).length,
    exercises: warnings.length - real.length,
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
  };
};

/** Plays the demonstration from the first line to the last. */
export const runDemo = async (options: DemoOptions): Promise<DemoResult> => {
  const startedAt = performance.now();
  const paint = paintFor(options.colour ?? false);
  const ended = (options.ended ?? never).then(() => null);
  for (const line of opening(readCut(), readDistrict(), paint)) options.out(line);
  const stage = await openStage(options);
  options.out(ready(stage, startedAt));
  try {
    const told = tellStory(stage, {
      out: options.out,
      paint,
      quietMs: options.quietMs ?? QUIET_MS,
      runsOn: !options.exit,
    });
    const result = await Promise.race([told, ended]);
    if (result === null) {
      // The story is cut short: what it was doing fails when its system goes.
      told.catch(() => undefined);
      return { code: exitCode.interrupted, summary: null };
    }
    const summary = summaryOf(result, startedAt);
    if (options.exit) options.out(JSON.stringify(summary));
    else await ended;
    return { code: result.right ? exitCode.ok : exitCode.problems, summary };
  } finally {
    await stage.close();
  }
};
