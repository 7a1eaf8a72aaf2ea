import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { booleans, doubles, instants, integers, texts, uuids } from './arrays.js';
import { startPostgres, type EmbeddedPostgres } from './embedded/postgres.js';

const dir = mkdtempSync(join(tmpdir(), 'linli-arrays-'));
let server: EmbeddedPostgres;
let client: Client;

beforeAll(async () => {
  server = await startPostgres({ dir, durable: false });
  client = new Client({ connectionString: server.url });
  await client.connect();
}, 60_000);

afterAll(async () => {
  await client.end();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

const self = <T>(value: T): T => value;

/** What PostgreSQL makes of the array, element by element, as text. */
const read = async (type: string, array: Buffer): Promise<(string | null)[]> => {
  const { rows } = await client.query<{ value: string | null }>(
    `select value::text from unnest($1::${type}[]) with ordinality as t (value, n) order by n`,
    [array],
  );
  return rows.map(({ value }) => value);
};

describe('a binary array is read by PostgreSQL as', () => {
  it('the same texts: quotes, backslashes, Chinese, characters beyond 16 bits, long, empty, none', async () => {
    const values = [
      'a',
      '"{\\,}"',
      '',
      null,
      'NULL',
      '余杭区五常街道',
      '😀',
      'x'.repeat(41),
      '余'.repeat(5000),
      '\n\t',
    ];
    expect(await read('text', texts(values, self))).toEqual(values);
  });

  it('the same UUIDs, in either case', async () => {
    const values = ['b3a9d2f0-53c4-5e0e-8c57-2f6c9c1b7d10', null, '00000000-0000-0000-0000-0000000000ff'];
    expect(await read('uuid', uuids(values, self))).toEqual(values);
    expect(await read('uuid', uuids(['B3A9D2F0-53C4-5E0E-8C57-2F6C9C1B7D10'], self))).toEqual([values[0]]);
  });

  it('the same numbers and booleans', async () => {
    expect(await read('int4', integers([0, -1, null, 2_147_483_647, -2_147_483_648], self))).toEqual([
      ...['0', '-1', null, '2147483647', '-2147483648'],
    ]);
    expect(await read('float8', doubles([0.1, -1e-300, null, 120.123456, Infinity], self))).toEqual([
      ...['0.1', '-1e-300', null, '120.123456', 'Infinity'],
    ]);
    expect(await read('boolean', booleans([true, null, false], self))).toEqual(['true', null, 'false']);
  });

  it('the same instants as their ISO form, before 1970 and far beyond exact microseconds too', async () => {
    const all = ['2026-11-23T12:00:00.123Z', '1999-12-31T23:59:59.999Z', '2000-01-01T00:00:00.000Z'];
    const far = ['1905-04-05T06:07:08.009Z', '2290-01-01T00:00:00.001Z', '9999-12-31T23:59:59.000Z'];
    const isos = [...all, ...far];
    const { rows } = await client.query<{ equal: boolean }>(
      'select a = b as equal from unnest($1::timestamptz[], $2::timestamptz[]) as t (a, b)',
      [instants(isos, Date.parse), isos],
    );
    expect(rows.map(({ equal }) => equal)).toEqual(isos.map(() => true));
    expect(await read('timestamptz', instants([null], self))).toEqual([null]);
  });

  it('empty when there are no rows', async () => {
    expect(await read('text', texts<string>([], self))).toEqual([]);
    expect(await read('uuid', uuids<string>([], self))).toEqual([]);
  });
});

describe('a binary array refuses', () => {
  it.each(['', 'b3a9d2f0-53c4-5e0e-8c57-2f6c9c1b7d1', 'z3a9d2f0-53c4-5e0e-8c57-2f6c9c1b7d10'])(
    'what is no UUID: "%s"',
    (value) => {
      expect(() => uuids([value], self)).toThrow('is not a UUID');
    },
  );

  it.each([NaN, Infinity, 8.64e15 + 1])('what is no instant: %d', (value) => {
    expect(() => instants([value], self)).toThrow('is not an instant');
  });

  it('what is no number of four bytes', () => {
    expect(() => integers([2 ** 31], self)).toThrow('out of range');
  });

  it('the null character, as PostgreSQL does', async () => {
    await expect(read('text', texts(['a\u0000b'], self))).rejects.toMatchObject({ code: '22021' });
  });
});
