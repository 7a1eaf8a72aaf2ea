import type { IncomingHttpHeaders } from 'node:http';
import { refuse, Refused } from '@linli/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RefusedWith } from './problem.js';

const CHARSETS = new Set(['utf-8', 'utf8', 'us-ascii']);

const checkCoding = (coding: string): void => {
  if (coding.split(',').some((one) => !['', 'identity'].includes(one.trim().toLowerCase()))) {
    const detail = `Bodies coded as ${coding} are not taken here: send it uncompressed, without Content-Encoding.`;
    throw new RefusedWith(refuse('CONTENT_ENCODING_UNSUPPORTED', 'unsupported', detail), {
      headers: { 'accept-encoding': 'identity' },
    });
  }
};

const checkCharset = (contentType: string): void => {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s";]+)/iu.exec(contentType) ?? [];
  if (!CHARSETS.has(charset.toLowerCase())) {
    const detail = `Text in ${charset} is not taken here: send it as UTF-8.`;
    throw new Refused(refuse('CHARSET_UNSUPPORTED', 'unsupported', detail));
  }
};

const checkBodyForm = (headers: IncomingHttpHeaders): void => {
  checkCoding(headers['content-encoding'] ?? '');
  checkCharset(headers['content-type'] ?? '');
};

const isReadHere = ({ method, is404, headers }: FastifyRequest): boolean =>
  !is404 && method !== 'GET' && headers['content-type'] !== undefined;

/** Bodies are plain UTF-8: what says that it is coded, or in another charset, is refused before it is read. */
export const takePlainBodies = (fastify: FastifyInstance): void => {
  fastify.addHook('preParsing', async (request) => {
    if (isReadHere(request)) {
      checkBodyForm(request.headers);
    }
  });
};
