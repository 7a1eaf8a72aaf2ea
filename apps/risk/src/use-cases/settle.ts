import { findCategory, isWellFormedArea } from '@linli/contracts';
import { allOf } from '@linli/kernel';
import type { Transaction } from '@linli/store';
import type { Reason } from '../store/quarantine.js';
import { register } from '../store/register.js';

/** What an event was sent with. */
export interface Sent {
  readonly tenant: string;
  readonly category: string;
  readonly area: string;
}

/** The code of a known category and a known area, or what is not known. */
export type Settled = { readonly category: string; readonly area: string } | { readonly reason: Reason };

/** A grid or micro-grid is known with its community. */
const communityOf = (area: string): string => area.slice(0, 12);

/**
 * What the tenants know: the catalogue, the areas they loaded (every well-formed code when they loaded none), and for
 * the rest their mappings. What the gateway thought is only a hint: it may not have heard of the latest mapping.
 */
export const openSettling = async (
  tx: Transaction,
  all: readonly Sent[],
): Promise<(sent: Sent) => Settled> => {
  const tenants = [...new Set(all.map(({ tenant }) => tenant))];
  const [mappings, loaders] = await allOf([register.mappings(tx, tenants), register.loaders(tx, tenants)]);
  const mapped = new Map(mappings.map((m) => [`${m.tenant}/${m.kind}/${m.sent}`, m.known] as const));
  const areasOf = ({ tenant, area }: Sent): string[] => {
    const known = mapped.size > 0 ? mapped.get(`${tenant}/area/${area}`) : undefined;
    return known === undefined ? [area] : [area, known];
  };
  const asked = all
    .filter(({ tenant }) => loaders.has(tenant))
    .flatMap((sent) =>
      areasOf(sent).flatMap((area) =>
        [area, communityOf(area)].map((code) => ({ tenant: sent.tenant, area: code })),
      ),
    );
  const loaded = new Set((await register.loaded(tx, asked)).map(({ tenant, area }) => `${tenant}/${area}`));
  const isKnown = (tenant: string, area: string): boolean =>
    isWellFormedArea(area) &&
    (!loaders.has(tenant) || loaded.has(`${tenant}/${area}`) || loaded.has(`${tenant}/${communityOf(area)}`));
  return (sent) => {
    const meant = (): string => mapped.get(`${sent.tenant}/category/${sent.category}`) ?? '';
    const category = findCategory(sent.category) ?? findCategory(meant());
    if (!category) return { reason: 'category' };
    const area = areasOf(sent).find((code) => isKnown(sent.tenant, code));
    return area === undefined ? { reason: 'area' } : { category: category.code, area };
  };
};
