import { refuse, Refused } from '@linli/kernel';
import { opsServices } from '../../clients/ops.js';

/** Where a list that goes through the services one after the other stands. */
export interface Place {
  readonly service: string;
  readonly after: string;
}

const CURSOR = /^([a-z][a-z-]*)\.([0-9]{1,15})$/u;

/** `<service>.<number>`; without one, the first service. */
export const placeOf = (cursor: string | undefined, service: string | undefined): Place => {
  if (cursor === undefined) return { service: service ?? opsServices[0] ?? '', after: '0' };
  const [, name = '', after = ''] = CURSOR.exec(cursor) ?? [];
  if (opsServices.includes(name) && (service === undefined || service === name))
    return { service: name, after };
  throw new Refused(refuse('QUERY_INVALID', 'malformed', 'This cursor is not one of this list.'));
};

/** The cursor behind a page: on in the service, or at the beginning of the next one. */
export const nextOf = (next: string | null, at: Place, wanted: string | undefined): string | null => {
  if (next !== null) return `${at.service}.${next}`;
  const following = wanted === undefined ? opsServices[opsServices.indexOf(at.service) + 1] : undefined;
  return following === undefined ? null : `${following}.0`;
};
