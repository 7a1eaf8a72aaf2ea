import { v5 } from 'uuid';
import { scopeKey, type Scope } from '../domain/scope.js';

const PLACES = 'b3a9d2f0-53c4-5e0e-8c57-2f6c9c1b7d10';
const WARNINGS = '1e4b7c55-0d0e-5f3a-9a56-7d1f0c2e8b24';

/** Length-prefixed, so that no two lists of parts read the same. */
const named = (namespace: string, parts: readonly string[]): string =>
  v5(parts.map((part) => `${part.length}:${part}`).join(','), namespace);

/** The same place has the same id everywhere and for ever: nothing has to be looked up. */
export const placeIdOf = (tenant: string, category: string, scope: Scope, area: string): string =>
  named(PLACES, [tenant, category, scopeKey(scope, area)]);

/** One warning for each time that a place fills up. */
export const warningIdOf = (placeId: string, generation: number): string =>
  named(WARNINGS, [placeId, String(generation)]);
