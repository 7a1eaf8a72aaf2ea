import type { Level } from './colour.js';

/** Who acts. `areas`: division code prefixes, null = everywhere. */
export type Actor =
  | { readonly kind: 'system' }
  | {
      readonly kind: 'key';
      readonly keyId: string;
      readonly name: string;
      readonly areas: readonly string[] | null;
    };

/**
 * `owner` and `duty-officer` stand at the level of the colour or higher (domain notes 3.6), `officer` and `team` anywhere
 * above the place.
 */
export type Role = 'system' | 'owner' | 'duty-officer' | 'officer' | 'team';
/** Those that do not depend on the colour. */
const anywhere: ReadonlySet<Role> = new Set<Role>(['officer', 'team']);

/** Digits of the shortest of the actor's prefixes that covers `area`: 9 a street, 12 a community, 15 a grid. Null: none. */
export const reachOf = (actor: Actor, area: string): number | null => {
  if (actor.kind === 'system' || actor.areas === null) return 0;
  const digits = actor.areas.filter((prefix) => area.startsWith(prefix)).map((prefix) => prefix.length);
  return digits.length > 0 ? Math.min(...digits) : null;
};

/** Longest prefix that owns a colour: yellow the grid leader and the community, orange and red the street and above. */
const ownerDigits: Readonly<Record<Level, number>> = { 0: 15, 1: 15, 2: 9, 3: 9 };

export const actsAs = (actor: Actor, role: Role, area: string, level: Level): boolean => {
  if (actor.kind === 'system' || role === 'system') return actor.kind === role;
  const reach = reachOf(actor, area);
  return reach !== null && (anywhere.has(role) || reach <= ownerDigits[level]);
};
