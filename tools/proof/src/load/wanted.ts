import { pick, type Random } from '@linli/kernel';
import { pickZipf } from '../random.js';

/** From here a warning goes nowhere. */
const ENDED = new Set(['dismissed', 'false_alarm', 'confirmed']);
/** Some knock on closed doors. */
const KNOCKING_SHARE = 0.02;

/** What a client believes of a warning; others change it meanwhile. */
export interface Known {
  readonly id: string;
  status: string;
  version: number;
}

export interface Wanted {
  readonly verb: 'issue' | 'dismiss' | 'acknowledge' | 'verify';
  readonly body: unknown;
  readonly ifMatch: string;
}

const STALE_SHARE = 0.1;
const EXACT_SHARE = 0.2;

/** One of those that can still be changed, mostly. */
export const chosen = (known: readonly Known[], random: Random): Known => {
  const open = known.filter(({ status }) => !ENDED.has(status));
  return pickZipf(random, open.length === 0 || random.next() < KNOCKING_SHARE ? known : open);
};

const verbFor = (status: string, random: Random): Wanted['verb'] => {
  if (status === 'candidate') return random.next() < 0.95 ? 'issue' : 'dismiss';
  if (status === 'issued') return 'acknowledge';
  return 'verify';
};

/** Mostly `unclear`, which leaves the warning where it is: such a wish can be made of one warning without end. */
const findingOf = (random: Random): string => {
  const at = random.next();
  if (at < 0.99) return 'unclear';
  return at < 0.995 ? 'confirmed' : 'false';
};

const bodyOf = (verb: Wanted['verb'], witness: string, random: Random): unknown => {
  if (verb === 'verify') return { result: findingOf(random), evidence: witness };
  if (verb === 'dismiss')
    return { reason: pick(random, ['duplicate', 'not_credible', 'test']), note: witness };
  return { note: witness };
};

const ifMatchOf = ({ version }: Known, random: Random): string => {
  const at = random.next();
  if (at < STALE_SHARE) return `"${Math.max(1, version - 1)}"`;
  return at < STALE_SHARE + EXACT_SHARE ? `"${version}"` : '*';
};

/** What a duty officer would do next with a warning, and leaves a witness of having done it. */
export const wantedOf = (known: Known, witness: string, random: Random): Wanted => {
  const verb = verbFor(known.status, random);
  return { verb, body: bodyOf(verb, witness, random), ifMatch: ifMatchOf(known, random) };
};
