import { PublishRefused, PublishUnknown } from '../publish-fault.js';

interface SqlFailure {
  readonly code?: unknown;
  readonly message?: string;
  readonly driverError?: unknown;
}

const neverConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

const rootOf = (error: unknown): SqlFailure => {
  const failure = (error ?? {}) as SqlFailure;
  return failure.driverError === undefined ? failure : rootOf(failure.driverError);
};

/**
 * What a failed append means to its callers. An SQLSTATE is the server's word that the statement was rolled back,
 * except when it was cut off while it may have been committing (classes 08, 57P, 58, XX).
 */
export const appendFault = (error: unknown): PublishRefused | PublishUnknown => {
  const { code, message = String(error) } = rootOf(error);
  const state = typeof code === 'string' ? code : '';
  if (/^2[23]...$/u.test(state)) return new PublishRefused('LOG_RECORD_INVALID', message, { cause: error });
  const cutOff = /^(08|57P|58|XX)/u.test(state);
  const rolledBack = /^[0-9A-Z]{5}$/u.test(state) && !neverConnected.has(state) && !cutOff;
  const notSent = neverConnected.has(state) || /timeout exceeded when trying to connect/iu.test(message);
  return rolledBack || notSent
    ? new PublishRefused('LOG_UNAVAILABLE', message, { cause: error })
    : new PublishUnknown(message, { cause: error });
};
