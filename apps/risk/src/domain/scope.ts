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
export const scopeKey = (scope: Scope, area: string): string => {
  switch (scope.kind) {
    case 'grid':
    case 'building':
      return `${scope.kind}:${area}/${scope.name}`;
    case 'dispute':
      return `dispute:${districtOf(area)}/${scope.name}`;
    case 'area':
      return `area:${scope.name}`;
  }
};
