import { z } from 'zod';
import { WarningScope } from './warning.js';

const instant = z.iso.datetime({ offset: true });
const finding = z.enum(['confirmed', 'false']).describe('There is something, or there is nothing.');

/** Body of `POST /v1/risk/second-looks`. */
export const NewSecondLook = z
  .object({
    warning: z.uuid(),
    result: finding,
    evidence: z.string().max(2000).regex(/\S/u, 'must not be blank').describe('Kept encrypted.'),
  })
  .strict()
  .describe('What a second officer found on site, without having seen what the first one did.');

/** A warning that was verified and waits for a second officer. What the first one found is not said. */
export const WaitingSecondLook = z.object({
  warning: z.uuid(),
  category: z.string().describe('Code of the category.'),
  area: z.string(),
  scope: WarningScope,
  askedAt: instant.describe('When it was verified first.'),
});
export const SecondLooks = z.object({
  items: z.array(WaitingSecondLook).describe('The oldest first, at most 200.'),
});
export type SecondLooks = z.infer<typeof SecondLooks>;

/** Answer of `POST /v1/risk/second-looks`. */
export const SecondLook = z.object({
  warning: z.uuid(),
  first: finding,
  second: finding,
  at: instant,
  by: z.string().describe('Name of the key.'),
});
export type SecondLook = z.infer<typeof SecondLook>;
