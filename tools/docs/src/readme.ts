const BLOCK = /(<!-- settings:start -->\n)[\s\S]*?(<!-- settings:end -->)/u;

/** The README with the table of settings between its two marks as it is now; without marks, as it was. */
export const withSettings = (readme: string, table: string): string =>
  readme.replace(BLOCK, (_all, start: string, end: string) =>
    [start, '<!-- prettier-ignore-start -->\n\n', table, '\n<!-- prettier-ignore-end -->\n', end].join(''),
  );
