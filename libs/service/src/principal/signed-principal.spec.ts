import type { Principal } from '@linli/contracts';
import { describe, expect, it } from '@jest/globals';
import { secretsFrom } from '../secrets.js';
import { readPrincipal, signPrincipal } from './signed-principal.js';

const secrets = secretsFrom('a master secret of a test, 32 characters and more');
const principal: Principal = {
  tenant: 't',
  keyId: 'k',
  name: '网格员',
  scopes: ['risk:read'],
  areas: ['330106'],
};
const NOW = 1_764_000_000_000;

describe('a signed principal', () => {
  const header = signPrincipal(secrets, principal, NOW);

  it('is read by whoever shares the secret, for 60 seconds', () => {
    expect(readPrincipal(secrets, header, NOW + 60_000)).toEqual(principal);
    expect(readPrincipal(secrets, header, NOW + 60_001)).toBeNull();
  });

  it('is worth nothing when anything in it changed', () => {
    const [body = '', mac = ''] = header.split('.');
    const other = Buffer.from(
      JSON.stringify({ principal: { ...principal, areas: null }, until: NOW + 60_000 }),
    ).toString('base64url');
    for (const forged of [
      `${other}.${mac}`,
      `${body}.${mac.slice(0, -2)}`,
      `${body}.`,
      body,
      `${header}.x`,
      '',
      signPrincipal(secretsFrom('another master secret, 32 characters!'), principal, NOW),
    ]) {
      expect(readPrincipal(secrets, forged, NOW)).toBeNull();
    }
  });

  it('that claims to live longer than it may is refused', () => {
    expect(readPrincipal(secrets, signPrincipal(secrets, principal, NOW + 3_600_000), NOW)).toBeNull();
  });
});
