import type { Level } from './colour.js';

const STREET_DIGITS = 9;

/** The unit that has to answer a warning (domain notes 3.6): yellow the community, orange and red the street. */
export const ownerOf = ({ area, level }: { readonly area: string; readonly level: Level }): string =>
  level <= 1 ? area : area.slice(0, STREET_DIGITS);
