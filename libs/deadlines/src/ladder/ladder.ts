import { Budget } from '@linli/contracts';
import { z } from 'zod';

/**
 * A place in the time of a deadline. `percent` up to 100: of the budget spent, 100 being the day before it is rolled,
 * by which alerts go; above 100: the budget again, from the due time. `past`: so long after the due time.
 */
export const Point = z.union([
  z.literal('due'),
  z.object({ percent: z.number() }).strict(),
  z.object({ past: Budget }).strict(),
]);
export type Point = z.infer<typeof Point>;

export const Rung = z.object({
  name: z.string().min(1).max(60).describe('Says what is reached: `half`, `due`, `red`.'),
  at: Point,
  level: z
    .int()
    .min(0)
    .default(0)
    .describe('To which level it escalates; 0: an alert or the due time itself.'),
});
export type Rung = z.infer<typeof Rung>;

/** What happens on the way to a due time and after it, in the order of time. */
export const Ladder = z.object({
  clock: z.string().min(1).describe("The clock's name in the rules, e.g. `K_HANDLE`."),
  top: z.int().min(0).default(0).describe('The highest level there is.'),
  until: Point.optional().describe('Nothing is reached from here on.'),
  rungs: z.array(Rung).min(1),
});
export type Ladder = z.infer<typeof Ladder>;

/** The ladder of a clock that has none: it is due, once. */
export const plainLadder = (clock: string): Ladder => ({
  clock,
  top: 0,
  rungs: [{ name: 'due', at: 'due', level: 0 }],
});
