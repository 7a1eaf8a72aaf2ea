import type { z } from 'zod';

/** One setting of the environment; `shown` is its default, as readers see it. */
export interface Setting {
  readonly meaning: string;
  readonly shown: string;
  readonly schema: z.ZodType;
}

export const setting = <S extends z.ZodType>(schema: S, shown: string, meaning: string) => ({
  schema,
  shown,
  meaning,
});
