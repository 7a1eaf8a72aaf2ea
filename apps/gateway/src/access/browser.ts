import { Refused } from '@linli/kernel';
import { RefusedWith } from '@linli/service';

/** A key that a browser shows by HTTP Basic (RFC 7617), as the password under any name, in the form in which programs do. */
export const bearerOf = (authorization: string | undefined): string | undefined => {
  const [, encoded] = /^basic +([A-Za-z0-9+/]+=*)$/iu.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return authorization;
  const [, password = ''] = /^[^:]*:(.*)$/su.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  return `Bearer ${password}`;
};

/** Passes a refusal on; who has no valid key is asked for one by the browser. */
export const askingBrowser = (error: unknown): never => {
  if (error instanceof Refused && error.refusal.kind === 'unauthenticated')
    throw new RefusedWith(error.refusal, {
      headers: { 'www-authenticate': 'Basic realm="linli: an API key as the password", charset="UTF-8"' },
    });
  throw error;
};
