import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface Hot {
  readonly what: string;
  readonly ms: number;
}

const where = (url: string): string => url.replace(/^.*\/(node_modules|apps|libs|tools)\//u, '$1/');

/** Self time by function, the hottest first; waiting is left out. */
export const selfTimes = ({ nodes, samples, timeDeltas }: Profile): Hot[] => {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'} ${where(url)}${url ? `:${lineNumber + 1}` : ''}`,
    ]),
  );
  const spent = new Map<string, number>();
  samples.forEach((id, n) => {
    const name = names.get(id) ?? '?';
    spent.set(name, (spent.get(name) ?? 0) + (timeDeltas[n] ?? 0) / 1000);
  });
  return [...spent]
    .filter(([what]) => !what.startsWith('(idle)') && !what.startsWith('(program)'))
    .map(([what, ms]) => ({ what, ms }))
    .toSorted((a, b) => b.ms - a.ms);
};

/** For each profile of a folder its hottest functions, as shares of the time that was not idle. */
export const hottest = (dir: string, most = 25): string[] =>
  readdirSync(dir)
    .filter((name) => name.endsWith('.cpuprofile'))
    .toSorted()
    .flatMap((name) => {
      const hot = selfTimes(JSON.parse(readFileSync(join(dir, name), 'utf8')) as Profile);
      const total = hot.reduce((sum, { ms }) => sum + ms, 0);
      const lines = hot
        .slice(0, most)
        .map(
          ({ what, ms }) =>
            `  ${((ms / total) * 100).toFixed(1).padStart(5)} %  ${ms.toFixed(0).padStart(6)} ms  ${what}`,
        );
      return ['', `${name}: ${(total / 1000).toFixed(1)} s busy`, ...lines];
    });
