import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { riskFacts } from '@linli/contracts';
import { z } from 'zod';
import { json } from './json.js';

const SUFFIX = '.json';

export interface FactContract {
  readonly type: string;
  readonly data: z.ZodType;
}

/** What is frozen of a fact when it is released: all of its schema but the words. */
export const frozen = (data: z.ZodType): string =>
  json(
    z.toJSONSchema(data, {
      override: ({ jsonSchema }) => {
        delete jsonSchema.description;
      },
    }),
  );

/** What is wrong with the facts of today, held against the ones released in `folder`. */
export const brokenReleases = (folder: string, facts: readonly FactContract[] = riskFacts): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(SUFFIX))
    .flatMap((file) => {
      const type = file.slice(0, -SUFFIX.length);
      const fact = facts.find((each) => each.type === type);
      if (!fact) return [`${type} was released and is gone`];
      return frozen(fact.data) === readFileSync(join(folder, file), 'utf8')
        ? []
        : [`${type} was released and has changed: make the next version a fact of its own`];
    });

/** Freezes the facts that are not released yet; never touches one that is. Returns their types. */
export const release = (folder: string, facts: readonly FactContract[] = riskFacts): string[] => {
  mkdirSync(folder, { recursive: true });
  const fresh = facts.filter(({ type }) => !existsSync(join(folder, type + SUFFIX)));
  fresh.forEach(({ type, data }) => writeFileSync(join(folder, type + SUFFIX), frozen(data)));
  return fresh.map(({ type }) => type);
};
