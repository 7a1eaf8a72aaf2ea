export interface ScopeColumns {
  /** Column with the tenant. */
  readonly tenant: string;
  /** Column with the division code; a row without one is seen only by a reader who may see everywhere. */
  readonly area?: string;
}

const identifier = (name: string): string => {
  if (/^[a-z_][a-z0-9_]*$/u.test(name)) return name;
  throw new RangeError(`"${name}" is not a plain column or table name`);
};

/** `linli_risk` → `linli_risk_reader`: a migration runs as the owner and need not know its schema's name. */
const grantToReader = (table: string): string =>
  `DO $$ BEGIN EXECUTE format('GRANT SELECT ON ${table} TO %I', current_user || '_reader'); END $$`;

/** The sub-selects are evaluated once a statement, not once a row. */
const visible = ({ tenant, area }: ScopeColumns): string => {
  const own = `${identifier(tenant)} = (SELECT nullif(current_setting('app.tenant', true), ''))`;
  if (area === undefined) return own;
  const prefixes = `(SELECT string_to_array(current_setting('app.areas', true), ','))`;
  const everywhere = `(SELECT current_setting('app.areas', true) = '*')`;
  return `${own} AND (${everywhere} OR ${identifier(area)} ^@ ANY (${prefixes}::text[]))`;
};

/**
 * Statements that open a table to `readAs`, row by row: the reader sees its tenant and its areas, and without the
 * settings nothing. The owner, who writes for all tenants in one transaction, has a policy of its own: the security is
 * forced, so that no other role that comes to own the table slips through.
 */
export const rowLevelSecurity = (table: string, columns: ScopeColumns): string[] => {
  const name = identifier(table);
  return [
    `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`,
    `CREATE POLICY writer ON ${name} TO CURRENT_USER USING (true) WITH CHECK (true)`,
    `CREATE POLICY reader ON ${name} FOR SELECT USING (${visible(columns)})`,
    grantToReader(name),
  ];
};

/** Statement that opens a table without tenant data (catalogues, calendars) to `readAs`. All else is closed to it. */
export const openToReaders = (table: string): string => grantToReader(identifier(table));
