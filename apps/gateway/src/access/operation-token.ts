import { timingSafeEqual } from 'node:crypto';
import { Scope } from '@linli/contracts';
import { DAY } from '@linli/kernel';
import type { Secrets } from '@linli/service';
import { z } from 'zod';

const PURPOSE = 'gateway.operation';
/** As long as outcomes are kept. */
const LIFE_MS = 35 * DAY;

const Ticket = z.object({
  c: z.uuid().describe('Command.'),
  t: z.string().describe('Tenant.'),
  k: z.string().describe('Key by which it was accepted.'),
  s: Scope.describe('Scope that the command needed.'),
  h: z.string().describe('Request hash.'),
  a: z.number().describe('When it was accepted.'),
});

/** What a 202 hands out: enough to ask for the outcome without remembering anything. */
export interface OperationTicket {
  readonly commandId: string;
  readonly tenant: string;
  readonly keyId: string;
  readonly scope: Scope;
  readonly requestHash: string;
  readonly acceptedAt: Date;
}

export const tokenOf = (secrets: Secrets, ticket: OperationTicket): string => {
  const { commandId: c, tenant: t, keyId: k, scope: s, requestHash: h, acceptedAt } = ticket;
  const body = Buffer.from(JSON.stringify({ c, t, k, s, h, a: acceptedAt.getTime() })).toString('base64url');
  return `${body}.${secrets.mac(PURPOSE, body).toString('base64url')}`;
};

/** The ticket of a token; null for anything that this system did not sign. */
export const ticketOf = (secrets: Secrets, token: string): OperationTicket | null => {
  const [, body, mac] = /^([A-Za-z0-9_-]{1,900})\.([A-Za-z0-9_-]{43})$/u.exec(token) ?? [];
  if (!body || !mac) {
    return null;
  }
  const given = Buffer.from(mac, 'base64url');
  const expected = secrets.mac(PURPOSE, body);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return null;
  }
  const { c, t, k, s, h, a } = Ticket.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
  return { commandId: c, tenant: t, keyId: k, scope: s, requestHash: h, acceptedAt: new Date(a) };
};

export const isPastRetention = ({ acceptedAt }: OperationTicket, now: Date): boolean =>
  now.getTime() - acceptedAt.getTime() > LIFE_MS;
