import { describe, expect, it } from '@jest/globals';
import { secretsFrom } from '@linli/service';
import { isPastRetention, ticketOf, tokenOf, type OperationTicket } from './operation-token.js';

const secrets = secretsFrom('a master secret of a test, 32 characters and more');
const ticket: OperationTicket = {
  commandId: '5b2c7f6e-7c1e-5d52-9a3d-0d8a0c6f8a11',
  tenant: 'default',
  keyId: 'bootstrap',
  scope: 'warnings:write',
  requestHash: 'a'.repeat(64),
  acceptedAt: new Date('2026-11-23T01:00:00.000Z'),
};

describe('an operation token', () => {
  const token = tokenOf(secrets, ticket);

  it('holds all there is to know, for a URL', () => {
    expect(token).toMatch(/^[\w.-]+$/u);
    expect(token.length).toBeLessThan(1000);
    expect(ticketOf(secrets, token)).toEqual(ticket);
  });

  it('of anybody else is none', () => {
    const forged = tokenOf(secretsFrom('another master secret, 32 characters!'), ticket);
    for (const text of [forged, '', '.', 'garbage', `${token}A`, token.slice(1), `A${token}`]) {
      expect(ticketOf(secrets, text)).toBeNull();
    }
  });

  it('is past retention after 35 days', () => {
    expect(isPastRetention(ticket, new Date('2026-12-28T01:00:00.000Z'))).toBe(false);
    expect(isPastRetention(ticket, new Date('2026-12-28T01:00:00.001Z'))).toBe(true);
  });
});
