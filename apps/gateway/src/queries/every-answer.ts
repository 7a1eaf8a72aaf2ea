import { Refused } from '@linli/kernel';

/** What services answered, and which of them did not. */
export interface Answers<T> {
  readonly answers: readonly T[];
  readonly unreachable: readonly string[];
}

const isAway = (error: unknown): boolean => error instanceof Refused && error.refusal.kind === 'unavailable';

/** Asks services at once. One that is away is named; rejects when all are, or when one refuses. */
export const everyAnswer = async <T>(
  services: readonly string[],
  ask: (service: string) => Promise<T>,
): Promise<Answers<T>> => {
  const settled = await Promise.allSettled(services.map(ask));
  const failed = settled.flatMap((one, n) =>
    one.status === 'rejected' ? [{ service: services[n] ?? '', reason: one.reason as unknown }] : [],
  );
  const refusal =
    failed.find(({ reason }) => !isAway(reason)) ?? (failed.length === services.length && failed[0]);
  if (refusal) throw refusal.reason;
  return {
    answers: settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    unreachable: failed.map(({ service }) => service),
  };
};
