import { timingSafeEqual } from 'node:crypto';
import { Principal } from '@linli/contracts';
import { z } from 'zod';
import { systemClock } from '@linli/kernel';
import type { Secrets } from '../secrets.js';

/** Header in which the gateway tells a service who asks: base64url(JSON) and its HMAC, valid for 60 seconds. */
export const PRINCIPAL_HEADER = 'linli-principal';

const PURPOSE = 'internal.principal';
const LIFE_MS = 60_000;
const Signed = z.object({ principal: Principal, until: z.number() });

/** By the wall clock of the machines, never by an accelerated one. */
const wallClock = (): number => systemClock.now().getTime();

export const signPrincipal = (secrets: Secrets, principal: Principal, now = wallClock()): string => {
  const body = Buffer.from(JSON.stringify({ principal, until: now + LIFE_MS })).toString('base64url');
  return `${body}.${secrets.mac(PURPOSE, body).toString('base64url')}`;
};

/** The principal of a header; null when it is missing, forged or too old. */
export const readPrincipal = (
  secrets: Secrets,
  header: string | undefined,
  now = wallClock(),
): Principal | null => {
  const [body, mac, rest] = (header ?? '').split('.');
  if (!body || !mac || rest !== undefined) {
    return null;
  }
  const expected = secrets.mac(PURPOSE, body);
  const given = Buffer.from(mac, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return null;
  }
  const signed = Signed.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
  return signed.success && now <= signed.data.until && signed.data.until <= now + 2 * LIFE_MS
    ? signed.data.principal
    : null;
};
