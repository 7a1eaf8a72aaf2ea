/** A row of docs/reliability.md: a known hole and the tests that hold it shut. */
export interface Hole {
  readonly id: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
  /** Some of it waits, with the reason in a decision record. */
  readonly waits: boolean;
}

const ROW = /^\|\s*([A-Z]-\d+)\s*\|.*\|\s*([^|]*?)\s*\|$/gmu;
const TEST = /`([^`]+)` "([^"]+)"/gu;

export const holesIn = (page: string): Hole[] =>
  [...page.matchAll(ROW)].map(([, id = '', proof = '']) => ({
    id,
    tests: [...proof.matchAll(TEST)].map(([, file = '', title = '']) => ({ file, title })),
    waits: proof.includes('what-waits.md'),
  }));

const faultsOf = ({ id, tests, waits }: Hole, textOf: (file: string) => string | null): string[] => {
  if (tests.length === 0 && !waits) return [`${id} has neither a test nor a reason to wait`];
  return tests.flatMap(({ file, title }) => {
    const text = textOf(file);
    if (text === null) return [`${id}: ${file} does not exist`];
    return text.includes(title) ? [] : [`${id}: ${file} has no test "${title}"`];
  });
};

/** What is wrong with the page: a hole that is missing or twice, a test that is not there. */
export const unguarded = (
  holes: readonly Hole[],
  known: readonly string[],
  textOf: (file: string) => string | null,
): string[] => {
  const ids = holes.map(({ id }) => id);
  return [
    ...known.filter((id) => !ids.includes(id)).map((id) => `${id} is missing`),
    ...ids.filter((id, n) => ids.indexOf(id) !== n).map((id) => `${id} is there twice`),
    ...holes.flatMap((hole) => faultsOf(hole, textOf)),
  ];
};

const counts = { A: 13, B: 23, C: 17, D: 9, E: 12, F: 7, G: 6, H: 4, I: 4 } as const;

/** Every hole that was found. */
export const knownHoles: readonly string[] = Object.entries(counts).flatMap(([letter, count]) =>
  Array.from({ length: count }, (_, n) => `${letter}-${n + 1}`),
);
