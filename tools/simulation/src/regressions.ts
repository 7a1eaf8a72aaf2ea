/** Seeds that once failed, and what they found. */
export const regressions: readonly { readonly seed: number; readonly found: string }[] = [
  { seed: 100, found: 'marks of the log older than the progress were taken for a log that was cut off' },
  { seed: 182, found: 'a command that nobody handles held up its parked key for ever' },
];
