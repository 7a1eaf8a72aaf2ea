import { createHash } from 'node:crypto';
import type { CalendarCommandType, OpsCommandType, Principal, RiskCommandType } from '@linli/contracts';
import serialize from 'canonicalize';
import { v5 } from 'uuid';

/** The package is CommonJS: what its types call the default export is the module itself. */
const canonicalize = serialize as unknown as (input: unknown) => string | undefined;

/** Namespace of all identifiers that the gateway derives. */
const NAMESPACE = '6f1d3c1e-3a0b-5c57-9d0e-9f6a4b8f2c11';

/** A change that a client wants, read from its request. */
export interface Wish {
  readonly type: RiskCommandType | OpsCommandType | CalendarCommandType;
  /** The request line: method and path. With the key it names the wish. */
  readonly route: string;
  readonly aggregateId: string;
  readonly expectedVersion: number | null;
  readonly data: unknown;
}

/** A name-based UUID of parts; the lengths keep ("ab","c") apart from ("a","bc"). */
export const derivedId = (...parts: readonly string[]): string =>
  v5(parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(''), NAMESPACE);

/** The same tenant, route and key is the same command. */
export const commandIdOf = (caller: Pick<Principal, 'tenant'>, route: string, key: string): string =>
  derivedId(caller.tenant, route, key);

/** The register of a tenant: its areas, grids and mappings. */
export const registerOf = (caller: Pick<Principal, 'tenant'>): string => derivedId(caller.tenant, 'register');

/** The calendars of a tenant, all of them: imports have one order. */
export const calendarsOf = (caller: Pick<Principal, 'tenant'>): string =>
  derivedId(caller.tenant, 'calendars');

/** SHA-256 of route and body, whatever the order of its members. */
export const requestHashOf = (wish: Pick<Wish, 'route' | 'data'>): string =>
  createHash('sha256')
    .update(canonicalize([wish.route, wish.data]) ?? '')
    .digest('hex');
