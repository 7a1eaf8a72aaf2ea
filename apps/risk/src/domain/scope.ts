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

/** A place is (tenant, category, scope key). Grids and buildings of two areas may have the same name; a dispute spans areas. */
export const scopeKey = (scope: Scope, area: string): string =>
  scope.kind === 'grid' || scope.kind === 'building'
    ? `${scope.kind}:${area}/${scope.name}`
    : `${scope.kind}:${scope.name}`;
