import { describe, expect, it } from '@jest/globals';
import { appendFault } from './append-fault.js';

const failure = (code: string | undefined, message = 'failed'): Error =>
  Object.assign(new Error('QueryFailedError'), { driverError: Object.assign(new Error(message), { code }) });

describe('a failed append', () => {
  it.each([
    ['a text that the database cannot hold', failure('22021'), 'LOG_RECORD_INVALID'],
    ['a record without a head', failure('23502'), 'LOG_RECORD_INVALID'],
    ['a lock not had in time', failure('55P03'), 'LOG_UNAVAILABLE'],
    ['a statement cancelled by its time limit', failure('57014'), 'LOG_UNAVAILABLE'],
    ['a deadlock', failure('40P01'), 'LOG_UNAVAILABLE'],
    ['a full disk', failure('53100'), 'LOG_UNAVAILABLE'],
    ['a server that is not there', failure('ECONNREFUSED'), 'LOG_UNAVAILABLE'],
    [
      'no connection in time',
      failure(undefined, 'timeout exceeded when trying to connect'),
      'LOG_UNAVAILABLE',
    ],
    ['a server shutting down', failure('57P01'), 'LOG_OUTCOME_UNKNOWN'],
    ['a connection failure', failure('08006'), 'LOG_OUTCOME_UNKNOWN'],
    ['a connection that broke', failure('ECONNRESET'), 'LOG_OUTCOME_UNKNOWN'],
    [
      'a connection that ended',
      failure(undefined, 'Connection terminated unexpectedly'),
      'LOG_OUTCOME_UNKNOWN',
    ],
    ['no answer in time', failure(undefined, 'Query read timeout'), 'LOG_OUTCOME_UNKNOWN'],
  ])('by %s', (_, error, code) => {
    expect(appendFault(error)).toMatchObject({ code, cause: error });
  });
});
