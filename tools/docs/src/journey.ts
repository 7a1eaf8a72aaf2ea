/** A step of a journey: a file, and how the fact goes on from there to the next one. */
export interface Step {
  readonly file: string;
  readonly onward: string;
}

/** What the steps are held against. */
export interface Ground {
  readonly exists: (file: string) => boolean;
  readonly imports: ReadonlyMap<string, readonly string[]>;
  readonly textOf: (file: string) => string;
  /** Names of topics, commands and facts in the contracts, with the constant that stands for them, if one does. */
  readonly contracts: ReadonlyMap<string, string>;
}

const ROW = /^\|\s*\d+\s*\|\s*`([^`]+)`\s*\|.*\|\s*([^|]*?)\s*\|$/u;

/** The steps in the tables of a page: `| 1 | file | what happens | onward |`. */
export const stepsIn = (page: string): Step[] =>
  page
    .split('\n')
    .map((line) => ROW.exec(line))
    .filter((row) => row !== null)
    .map(([, file = '', onward = '']) => ({ file, onward }));

const brokenEdge = (before: readonly Step[], to: Step, { imports }: Ground): string[] => {
  const linked = (a: string, b: string): boolean => imports.get(a)?.includes(b) ?? false;
  return before.some(({ file }) => linked(file, to.file) || linked(to.file, file))
    ? []
    : [`${to.file} and the steps before it do not import one another`];
};

const brokenMessage = (names: readonly string[], from: Step, to: Step, ground: Ground): string[] => {
  const unknown = names.filter((name) => !ground.contracts.has(name));
  if (unknown.length > 0)
    return unknown.map((name) => `${name} is no topic, command or fact of the contracts`);
  const words = names.flatMap((name) => [name, ground.contracts.get(name) ?? name]);
  return [from, to]
    .filter(({ file }) => !words.some((word) => ground.textOf(file).includes(word)))
    .map(({ file }) => `${file} does not mention ${names.join(' or ')}`);
};

/** The steps up to this one since a message last came in: those that one call goes through. */
const stretch = (steps: readonly Step[], index: number): readonly Step[] => {
  const begun = steps.slice(0, index).findLastIndex(({ onward }) => onward !== 'import');
  return steps.slice(begun + 1, index + 1);
};

/**
 * What is wrong with a journey. `import`: the next file and one of the steps since the last message import one another.
 * Names in backquotes: topics, commands or facts of the contracts; both files mention one. `end`: the end of a leg.
 */
export const brokenSteps = (steps: readonly Step[], ground: Ground): string[] => {
  const missing = steps
    .filter(({ file }) => !ground.exists(file))
    .map(({ file }) => `${file} does not exist`);
  if (missing.length > 0) return missing;
  return steps.flatMap((step, index) => {
    const next = steps[index + 1];
    if (step.onward === 'end') return [];
    if (!next) return [`${step.file} is the last step and does not say end`];
    if (step.onward === 'import') return brokenEdge(stretch(steps, index), next, ground);
    const names = [...step.onward.matchAll(/`([^`]+)`/gu)].map(([, name = '']) => name);
    return names.length > 0
      ? brokenMessage(names, step, next, ground)
      : [`${step.file} does not say how it goes on`];
  });
};
