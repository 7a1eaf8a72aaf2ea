/**
 * What several pieces of work that were begun in this order come to. Waits for all of them also when one fails, so that
 * none goes on unseen, and rejects as the first of them that failed: the others may only have failed with it.
 */
export const allOf = async <T extends readonly unknown[]>(
  works: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> => {
  const ended = await Promise.allSettled(works as readonly Promise<unknown>[]);
  const values = ended.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  return values as unknown as T;
};
