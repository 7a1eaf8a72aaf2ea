import { z } from 'zod';
import { ExternalBody, LinkKind, MergeReason, WarningOutcome } from './warning.js';

const note = z.string().max(2000);
const text = (most: number) => z.string().max(most);
const filled = (most: number) => z.string().max(most).regex(/\S/u, 'must not be blank');
const instant = z.iso.datetime({ offset: true });

const noted = (means: string) => z.object({ note: note.optional() }).strict().describe(means);

/** Until it is verified. */
const answering = {
  issue: noted('The duty officer issues a candidate (orange, red).'),
  dismiss: z
    .object({
      reason: z
        .enum(['duplicate', 'not_credible', 'already_handled', 'test', 'other'])
        .describe('Reason code.'),
      note: note.optional(),
    })
    .strict()
    .describe('The duty officer dismisses a candidate.'),
  acknowledge: noted('The owner takes it.'),
  escalate: noted('An owner raises the colour one level, before it is verified.'),
  verify: z
    .object({
      result: z.enum(['confirmed', 'false', 'unclear']),
      evidence: z
        .string()
        .max(4000)
        .describe('What was seen on site; text suffices, photos are never required.'),
    })
    .strict()
    .describe('An officer on site says what was found.'),
} as const;

/** While something is done about it. */
const disposing = {
  plan: z
    .object({
      measures: z.array(text(500)).max(50).describe('What is to be done.'),
      people: z.array(text(100)).max(50).describe('Who does it.'),
      due: instant.describe('By when.'),
    })
    .strict()
    .describe('The owner makes the plan of a confirmed warning.'),
  'hand-over': z
    .object({
      body: ExternalBody,
      reference: text(64).describe('Number under which the other body accepted it.'),
      note: note.optional(),
    })
    .strict()
    .describe('Another body takes it over; the clocks pause.'),
  update: z
    .object({
      text: filled(4000).describe('How it goes.'),
      reassessed: z
        .boolean()
        .optional()
        .describe('The colour was looked at again and stands. Default false.'),
    })
    .strict()
    .describe('The team reports.'),
  link: z
    .object({
      kind: LinkKind,
      id: filled(64).describe('Id of the mediation or petition.'),
      note: note.optional(),
    })
    .strict()
    .describe('A mediation or a petition was opened for it.'),
  lower: z
    .object({ evidence: text(4000).describe('What was done, that the colour may go down.') })
    .strict()
    .describe('A person of the owner’s level or higher lowers the colour one step.'),
  monitor: z
    .object({ evidence: text(4000).describe('Why the danger is gone.') })
    .strict()
    .describe('The danger is gone; visits begin.'),
} as const;

/** Once the danger is gone. */
const settling = {
  visit: z
    .object({ finding: filled(4000).describe('What was found.') })
    .strict()
    .describe(
      'A visit after 7, 15, 30 days (90 besides, if it ever was red), calendar days after monitoring began.',
    ),
  close: z
    .object({
      outcome: WarningOutcome,
      happenedAt: instant
        .optional()
        .describe(
          'When it happened (event), or when the action was taken that averted it (averted). Not otherwise.',
        ),
      panel: z.array(text(100)).max(9).optional().describe('averted: three persons who judged so.'),
      evidence: z
        .array(z.object({ source: text(100), text: text(4000) }).strict())
        .max(20)
        .optional()
        .describe('averted: two pieces of evidence of imminence, from different sources.'),
      note: note.optional(),
    })
    .strict()
    .describe('Closes it with its outcome, when all visits were made.'),
  reopen: noted('The owner reopens it at the colour that it had, within 30 days after it was closed.'),
  merge: z
    .object({
      into: z.uuid().describe('The warning that goes on.'),
      because: MergeReason,
      note: note.optional(),
    })
    .strict()
    .describe('Ends it: another warning goes on for both.'),
} as const;

/** Bodies of `POST /v1/warnings/{id}/{verb}`, by verb. */
export const warningVerbs = { ...answering, ...disposing, ...settling } as const;
export type WarningVerb = keyof typeof warningVerbs;
