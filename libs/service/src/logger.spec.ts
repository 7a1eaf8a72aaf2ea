import { describe, expect, it } from '@jest/globals';
import { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';
import { openLogger } from './logger.js';

const RESIDENT = 'Zhang San';

const failureOf = (message: string, code: string, more: Partial<DatabaseError>): QueryFailedError => {
  const error = new DatabaseError(message, 250, 'error');
  const response = {
    severity: 'ERROR',
    code,
    schema: 'risk',
    table: 'risk_event',
    routine: 'ExecConstraints',
  };
  const sql = `insert into risk_event (id, text) values ($1, $2) returning ${'x'.repeat(300)}`;
  return new QueryFailedError(sql, ['e-1', RESIDENT], Object.assign(error, response, more));
};

const notAllowed = (): QueryFailedError =>
  failureOf('new row for relation "risk_event" violates check constraint "text_is_short"', '23514', {
    constraint: 'text_is_short',
    detail: `Failing row contains (e-1, ${RESIDENT}).`,
    where: `unnamed portal with parameters: $1 = 'e-1', $2 = '${RESIDENT}'`,
  });

const logged = (err: unknown): { line: string; err: Record<string, unknown> } => {
  const lines: string[] = [];
  openLogger('warn', { write: (line) => void lines.push(line) }).warn({ err }, 'set aside');
  const [line = ''] = lines;
  return { line, err: (JSON.parse(line) as { err: Record<string, unknown> }).err };
};

describe('the log', () => {
  it('tells what the database found wrong, and nothing of its rows and parameters', () => {
    const { line, err } = logged(notAllowed());
    expect(line).not.toContain(RESIDENT);
    expect(Object.keys(err).toSorted()).toEqual([
      ...[
        'code',
        'constraint',
        'message',
        'query',
        'routine',
        'schema',
        'severity',
        'stack',
        'table',
        'type',
      ],
    ]);
    expect(err).toMatchObject({
      type: 'QueryFailedError',
      message: 'new row for relation "risk_event" violates check constraint "text_is_short"',
      code: '23514',
      constraint: 'text_is_short',
    });
    expect(err['query']).toHaveLength(200);
    expect(err['stack']).toContain('logger.spec');
  });

  it('does not repeat the value that the database could not take', () => {
    const failure = failureOf(`invalid input syntax for type integer: "${RESIDENT}"`, '22P02', {});
    const { line, err } = logged(failure);
    expect(line).not.toContain(RESIDENT);
    expect(err['message']).toBe('invalid input syntax for type integer: "…"');
  });

  it.each([
    ['of pg itself', notAllowed().driverError],
    ['one of several', new AggregateError([new Error('away'), notAllowed()], 'all of them failed')],
    ['the cause of another', new Error('no progress', { cause: notAllowed() })],
    ['carried by another', Object.assign(new Error('no progress'), { fault: notAllowed() })],
  ])('keeps silent about an error %s too', (_, error) => {
    expect(logged(error).line).not.toContain(RESIDENT);
  });

  it('leaves other errors as they are', () => {
    const { err } = logged(Object.assign(new Error('refused'), { code: 'ECONNREFUSED', port: 5432 }));
    expect(err).toMatchObject({ type: 'Error', message: 'refused', code: 'ECONNREFUSED', port: 5432 });
    expect(logged('no error at all').err).toBe('no error at all');
  });
});
