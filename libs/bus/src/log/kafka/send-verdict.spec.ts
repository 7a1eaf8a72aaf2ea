import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { sendVerdict } from './send-verdict.js';

const answer = (type: string): Error =>
  Object.assign(new Error(type), { name: 'KafkaJSProtocolError', type });
const connection = (message: string, code?: string): Error =>
  new kafkajs.KafkaJSConnectionError(message, { broker: 'b:1', ...(code !== undefined && { code }) });

describe('the verdict on a failed send', () => {
  it.each([
    ['nobody listens', connection('Connection error: connect ECONNREFUSED', 'ECONNREFUSED'), 'not-sent'],
    ['no connection in time', connection('Connection timeout'), 'not-sent'],
    ['the connection broke', connection('Connection error: read ECONNRESET', 'ECONNRESET'), 'unknown'],
    [
      'the connection was closed',
      Object.assign(connection('Closed connection'), { name: 'KafkaJSConnectionClosedError' }),
      'unknown',
    ],
    [
      'no answer came',
      Object.assign(new Error('timed out'), { name: 'KafkaJSRequestTimeoutError' }),
      'unknown',
    ],
    ['the replicas were too few after the append', answer('NOT_ENOUGH_REPLICAS_AFTER_APPEND'), 'unknown'],
    ['the broker waited in vain for the replicas', answer('REQUEST_TIMED_OUT'), 'unknown'],
    ['the replicas were too few', answer('NOT_ENOUGH_REPLICAS'), 'not-sent'],
    ['the leader had moved', answer('NOT_LEADER_FOR_PARTITION'), 'not-sent'],
    ['the record was too large', answer('MESSAGE_TOO_LARGE'), 'refused'],
    ['it was forbidden', answer('TOPIC_AUTHORIZATION_FAILED'), 'refused'],
    ['something else went wrong', new TypeError('x is undefined'), 'unknown'],
  ])('when %s', (_, error, verdict) => {
    expect(sendVerdict(error, true)).toBe(verdict);
  });

  it('looks through the wrapping of kafkajs', () => {
    const cause = connection('Connection error', 'ECONNREFUSED');
    const wrapped = new kafkajs.KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 0, retryTime: 100 });
    expect(sendVerdict(wrapped, true)).toBe('not-sent');
  });

  it('does not take the word of one partition for that of several', () => {
    expect(sendVerdict(answer('NOT_LEADER_FOR_PARTITION'), false)).toBe('unknown');
    expect(sendVerdict(answer('MESSAGE_TOO_LARGE'), false)).toBe('unknown');
    expect(sendVerdict(connection('Connection error', 'ECONNREFUSED'), false)).toBe('not-sent');
  });
});
