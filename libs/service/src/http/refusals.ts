import { HttpException } from '@nestjs/common';
import type { RefusalKind } from '@linli/kernel';
import { refuse, Refused } from '@linli/kernel';
import { classify } from '@linli/store';

type Known = readonly [code: string, kind: RefusalKind, detail: string];

const framework: Readonly<Record<string, Known>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'MEDIA_TYPE_UNSUPPORTED',
    'unsupported',
    'This media type is not taken here.',
  ],
  FST_ERR_CTP_EMPTY_TYPE: ['MEDIA_TYPE_UNSUPPORTED', 'unsupported', 'A body needs a Content-Type.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['BODY_TOO_LARGE', 'too-large', 'The body is larger than this route takes.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    'BODY_LENGTH_WRONG',
    'malformed',
    'Content-Length does not match the body.',
  ],
  FST_ERR_CTP_INVALID_JSON_BODY: ['BODY_NOT_JSON', 'malformed', 'The body is not JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['BODY_NOT_JSON', 'malformed', 'The body is empty.'],
  FST_ERR_BAD_URL: ['URL_MALFORMED', 'malformed', 'The URL has a wrong percent-encoding.'],
  FST_ERR_MAX_PARAM_LENGTH: ['URL_MALFORMED', 'malformed', 'A part of the path is too long.'],
};

const fromFramework = (error: unknown): Refused | null => {
  const raised = error instanceof HttpException ? error.cause : error;
  const code = raised instanceof Error && 'code' in raised ? raised.code : undefined;
  const known = typeof code === 'string' ? framework[code] : undefined;
  return known ? new Refused(refuse(...known)) : null;
};

const fromOutside = (error: unknown): Refused | null =>
  classify(error) === 'transient'
    ? new Refused(refuse('UNAVAILABLE', 'unavailable', 'Something this service needs is away.'))
    : null;

const fromNest = (error: unknown): Refused | null => {
  if (!(error instanceof HttpException) || error.getStatus() >= 500) {
    return null;
  }
  const kind: RefusalKind = error.getStatus() === 404 ? 'not-found' : 'malformed';
  return new Refused(
    refuse(kind === 'not-found' ? 'ROUTE_NOT_FOUND' : 'REQUEST_INVALID', kind, error.message),
  );
};

/** What an error means to the client; null = a fault of ours (500), which no input may reach. */
export const refusedBy = (error: unknown): Refused | null =>
  error instanceof Refused ? error : (fromFramework(error) ?? fromNest(error) ?? fromOutside(error));
