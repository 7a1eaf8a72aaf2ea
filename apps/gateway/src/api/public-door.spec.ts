import { describe, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import type { Keyring } from '../access/keyring.js';
import { openPublicDoor } from './public-door.js';
import { listTriggers } from './other-operations.js';

const nobody = {} as Keyring;

describe('the public door', () => {
  it('lets no route be added that serves no operation', () => {
    const server = fastify();
    openPublicDoor(server, nobody);
    expect(() => server.get('/v1/forgotten', () => 'secret')).toThrow('/v1/forgotten serves no operation');
  });

  it('takes a route that says which operation it serves', () => {
    const server = fastify();
    openPublicDoor(server, nobody);
    server.get('/v1/risk-triggers', { config: { operation: listTriggers } }, () => []);
    expect(server.hasRoute({ method: 'GET', url: '/v1/risk-triggers' })).toBe(true);
  });
});
