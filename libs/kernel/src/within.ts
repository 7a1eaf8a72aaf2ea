/**
 * Work with a bound of ours: its result, or a rejection after `ms`, whatever becomes of the work; it cannot be called
 * off. `what` names it in the message.
 */
export const within = async <T>(ms: number, work: Promise<T>, what?: string): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const overdue = (): Error =>
      new Error(`${what === undefined ? '' : `${what}: `}no answer within ${ms} ms`);
    timer = setTimeout(() => reject(overdue()), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};
