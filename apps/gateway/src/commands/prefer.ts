import { refuse, Refused } from '@linli/kernel';

/** What a client prefers of a command (RFC 7240). */
export interface Preference {
  readonly waitMs: number;
  readonly minimal: boolean;
  /** Those that were asked for and are honoured, for Preference-Applied. */
  readonly applied: readonly string[];
}

const STANDARD_WAIT_S = 5;
const LONGEST_WAIT_S = 10;

const malformed = (): Refused =>
  new Refused(refuse('GTW_PREFER_INVALID', 'malformed', 'Prefer: wait takes whole seconds.'));

const waitOf = (value: string | undefined): number | null => {
  if (value === undefined) {
    return null;
  }
  if (!/^[0-9]{1,6}$/u.test(value)) {
    throw malformed();
  }
  return Math.min(Number(value), LONGEST_WAIT_S);
};

/** Reads a Prefer header; unknown preferences are ignored, as the RFC wants. */
export const preferenceOf = (header: string | undefined): Preference => {
  const preferences = new Map<string, string>();
  for (const part of (header ?? '').split(',')) {
    const [name = '', value = ''] = (part.split(';', 1)[0] ?? '').split('=', 2);
    const key = name.trim().toLowerCase();
    if (!preferences.has(key)) {
      preferences.set(key, value.trim().replaceAll(/^"|"$/gu, ''));
    }
  }
  const wait = waitOf(preferences.get('wait'));
  const async = preferences.has('respond-async');
  const minimal = preferences.get('return')?.toLowerCase() === 'minimal';
  return {
    waitMs: (wait ?? (async ? 0 : STANDARD_WAIT_S)) * 1000,
    minimal,
    applied: [
      ...(async ? ['respond-async'] : []),
      ...(wait === null ? [] : [`wait=${wait}`]),
      ...(minimal ? ['return=minimal'] : []),
    ],
  };
};
