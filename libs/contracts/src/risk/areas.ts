const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82'.split(
    ' ',
  ),
);

/**
 * Can this be the code of a community, a grid or a micro-grid: 12, 15 or 17 digits that start with a province of
 * GB/T 2260? Codes below the province are not public any more; tenants load their own.
 */
export const isWellFormedArea = (code: string): boolean =>
  /^(?:[0-9]{12}|[0-9]{15}|[0-9]{17})$/u.test(code) && PROVINCES.has(code.slice(0, 2));
