export type OneAtATime = <R>(work: () => Promise<R>) => Promise<R>;

/** Lets each piece of work begin when the one before it has ended, well or not. */
export const oneAtATime = (): OneAtATime => {
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
};
