/**
 * Default credibility by source, 0 to 1 (domain notes 3.3, a proposal). An event that names its own credibility keeps it;
 * a source not listed here counts like an anonymous petition.
 */
const listed: ReadonlyMap<string, number> = new Map([
  ['official_alert', 1],
  ['sensor', 1],
  ['police', 0.95],
  ['department', 0.95],
  ['officer', 0.9],
  ['petition', 0.8],
  ['petition_anonymous', 0.5],
  ['opinion', 0.4],
  ['chat', 0.3],
]);

const UNLISTED = 0.5;

export const defaultCredibility = (source: string): number => listed.get(source) ?? UNLISTED;

/** The defaults in words, for the description of the API. */
export const defaultCredibilities = `${[...listed].map(([source, value]) => `${source} ${value}`).join(', ')}; any other ${UNLISTED}`;
