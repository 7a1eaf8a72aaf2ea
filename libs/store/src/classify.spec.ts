import { describe, expect, it } from '@jest/globals';
import { DatabaseError } from 'pg';
import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { classify } from './classify.js';

const fromServer = (code: string): DatabaseError =>
  Object.assign(new DatabaseError('said the server', 13, 'error'), { code });

const fromTypeorm = (driverError: Error): QueryFailedError =>
  new QueryFailedError('select 1', [], driverError);

const fromSystem = (code: string): Error =>
  Object.assign(new Error(`connect ${code} 127.0.0.1:5432`), { code });

describe('the class of a failure', () => {
  it.each([
    ['08006', 'a broken connection'],
    ['08P01', 'a protocol violation'],
    ['57P01', 'a shutdown by an administrator'],
    ['57P02', 'a crash of another backend'],
    ['57P03', 'a server that is starting'],
    ['57P05', 'an idle session ended'],
    ['53100', 'a full disk'],
    ['53200', 'no memory'],
    ['53300', 'too many connections'],
    ['58030', 'a disk that fails'],
    ['40001', 'a serialisation failure'],
    ['40P01', 'a deadlock'],
    ['55P03', 'a lock not had in time'],
    ['57014', 'a statement over its time'],
    ['25P03', 'a transaction idle too long'],
    ['25006', 'a server gone read-only'],
  ])('is transient for %s, %s', (code) => {
    expect(classify(fromServer(code))).toBe('transient');
    expect(classify(fromTypeorm(fromServer(code)))).toBe('transient');
  });

  it.each([
    ['23505', 'a duplicate key'],
    ['23503', 'a missing parent'],
    ['23514', 'a broken check'],
    ['22P02', 'text that is no number'],
    ['22021', 'text with a zero byte'],
    ['42P01', 'a missing table'],
    ['42501', 'a missing right'],
    ['25P02', 'a statement in a failed transaction'],
    ['54000', 'a limit of the program'],
    ['57P04', 'a database dropped'],
  ])('is deterministic for %s, %s', (code) => {
    expect(classify(fromServer(code))).toBe('deterministic');
    expect(classify(fromTypeorm(fromServer(code)))).toBe('deterministic');
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'EAI_AGAIN'])(
    'is transient for %s of the network',
    (code) => {
      expect(classify(fromSystem(code))).toBe('transient');
      expect(classify(new AggregateError([fromSystem(code)]))).toBe('transient');
    },
  );

  it.each([
    'Connection terminated',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
    'Query read timeout',
  ])('is transient for "%s" of pg, which has no code', (message) => {
    expect(classify(new Error(message))).toBe('transient');
    expect(classify(fromTypeorm(new Error(message)))).toBe('transient');
  });

  it('is transient for a connection that TypeORM gave back in the middle', () => {
    expect(classify(new QueryRunnerAlreadyReleasedError())).toBe('transient');
  });

  it('is transient when the cause is', () => {
    expect(classify(new Error('could not store', { cause: fromServer('40P01') }))).toBe('transient');
  });

  it.each([new TypeError('x is not a function'), new RangeError('too far'), 'a string', null, undefined, 42])(
    'is deterministic for a fault of our own: %s',
    (error) => {
      expect(classify(error)).toBe('deterministic');
    },
  );
});
