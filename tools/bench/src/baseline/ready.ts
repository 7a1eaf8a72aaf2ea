/** What the bench tells a baseline's process at its start. */
export interface BaselineOptions {
  readonly brokers: string;
  readonly databaseUrl: string;
  readonly topic: string;
}

export const baselineOptions = (): BaselineOptions => JSON.parse(process.argv[2] ?? '{}') as BaselineOptions;

/** Tells the bench that this process is ready, and ends with it. */
export const ready = (message: unknown): void => {
  process.once('disconnect', () => process.exit(0));
  process.send?.(message);
};
