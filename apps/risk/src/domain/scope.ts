/** What a warning is about: exactly one, the narrowest that the event names, a dispute before all places. */
export interface Scope {
  readonly kind: 'dispute' | 'grid' | 'building' | 'area';
  readonly name: string;
}

export interface Whereabouts {
  readonly area: string;
  readonly grid: string | null;
  readonly building: string | null;
  readonly dispute: string | null;
}

export const scopeOf = ({ area, grid, building, dispute }: Whereabouts): Scope => {
  if (dispute !== null) return { kind: 'dispute', name: dispute };
  if (grid !== null) return { kind: 'grid', name: grid };
  if (building !== null) return { kind: 'building', name: building };
  return { kind: 'area', name: area };
};

/** District (county) part of a division code: six digits (GB/T 2260). */
const districtOf = (area: string): string => area.slice(0, 6);

/**
 * A place is (tenant, category, scope key). Grids and buildings of two areas may have the same name; a named dispute
 * spans the areas of one district, and no further: a key for one district cannot add to a dispute of another.
 */
export const scopeKey = ({ kind, name }: Scope, area: string): string => {
  if (kind === 'area') return `area:${name}`;
  return `${kind}:${kind === 'dispute' ? districtOf(area) : area}/${name}`;
};
