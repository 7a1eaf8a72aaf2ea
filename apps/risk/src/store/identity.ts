import { hash } from 'node:crypto';
import { scopeKey, type Scope } from '../domain/scope.js';

/** UUID version 5 (RFC 9562, 5.5) in one call: it is made for every event. */
const uuidOf = (namespace: Buffer, name: string): string => {
  const digest = hash('sha1', Buffer.concat([namespace, Buffer.from(name)]), 'hex');
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
};

const bytesOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');

const PLACES = bytesOf('b3a9d2f0-53c4-5e0e-8c57-2f6c9c1b7d10');
const WARNINGS = bytesOf('1e4b7c55-0d0e-5f3a-9a56-7d1f0c2e8b24');

/** Length-prefixed, so that no two lists of parts read the same. */
const named = (namespace: Buffer, parts: readonly string[]): string =>
  uuidOf(namespace, parts.map((part) => `${part.length}:${part}`).join(','));

const DEADLINES = bytesOf('7c5f0b8e-41d3-5b7a-8f1e-90a2d4c6e835');

/** The same place has the same id everywhere and for ever: nothing has to be looked up. An exercise has places of its own. */
export const placeIdOf = (
  tenant: string,
  category: string,
  scope: Scope,
  area: string,
  exercise: boolean,
): string => named(PLACES, [tenant, category, scopeKey(scope, area), ...(exercise ? ['exercise'] : [])]);

/** One warning for each time that a place fills up. */
export const warningIdOf = (placeId: string, generation: number): string =>
  named(WARNINGS, [placeId, String(generation)]);

/** One deadline for each time that a clock of a warning is started. */
export const deadlineIdOf = (warningId: string, clock: string, run: number): string =>
  named(DEADLINES, [warningId, clock, String(run)]);
