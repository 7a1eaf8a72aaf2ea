import type { Principal } from '@linli/contracts';
import { readerRole } from './roles.js';
import type { Begin } from './work.js';

export type Reader = Pick<Principal, 'tenant' | 'areas'>;

/** Everywhere. No division code, so it is nobody's prefix. */
const EVERYWHERE = '*';

/** `app.areas`: division code prefixes with commas between; anything else must not reach the policies. */
export const areasSetting = (areas: Reader['areas']): string => {
  if (areas === null) return EVERYWHERE;
  const odd = areas.find((area) => !/^[0-9]+$/u.test(area));
  if (odd !== undefined) throw new RangeError(`"${odd}" is not a division code prefix`);
  return areas.join(',');
};

/** All three settings end with the transaction, so that nothing of one reader is left on the connection for the next. */
export const beginReading =
  (schema: string, reader: Reader): Begin =>
  async (connection) => {
    const areas = areasSetting(reader.areas);
    await connection.query('BEGIN READ ONLY');
    await connection.query(
      "select set_config('role', $1, true), set_config('app.tenant', $2, true), set_config('app.areas', $3, true)",
      [readerRole(schema), reader.tenant, areas],
    );
  };
