import { IntakeView, type Principal } from '@linli/contracts';
import type { Logger } from 'pino';
import type { RiskClient } from './risk.js';

/** What a tenant has mapped, loaded and learned, ready to look up. */
export interface KnownPlaces {
  readonly categories: ReadonlyMap<string, string>;
  readonly areas: ReadonlyMap<string, string>;
  /** Null: none loaded, every well-formed code is known. */
  readonly loaded: ReadonlySet<string> | null;
  /** Of the sources about which something was learned. */
  readonly credibilities: ReadonlyMap<string, number>;
}

interface Kept {
  at: number;
  known: KnownPlaces;
  asking: Promise<void> | null;
}

const FRESH_MS = 4000;
/** In between it is asked for again, and nobody waits for that. */
const STALE_MS = 5000;
/** Events must not wait for the risk service: it decides in the end anyway. */
const WITHIN_MS = 500;
const MOST_KEPT = 1000;
const nothing: KnownPlaces = {
  categories: new Map(),
  areas: new Map(),
  loaded: null,
  credibilities: new Map(),
};

const placesOf = (view: IntakeView): KnownPlaces => ({
  categories: new Map(Object.entries(view.categories)),
  areas: new Map(Object.entries(view.areas)),
  loaded: view.loadedAreas === null ? null : new Set(view.loadedAreas),
  credibilities: new Map(Object.entries(view.credibilities)),
});

/** The intake views of the tenants, kept for 5 seconds; the last known one is used while the risk service is away. */
export class IntakeViews {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly risk: Pick<RiskClient, 'get'>,
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async of(caller: Principal, correlationId: string): Promise<KnownPlaces> {
    const kept = this.keptOf(caller.tenant);
    const age = this.now() - kept.at;
    if (age >= FRESH_MS) {
      kept.asking ??= this.refresh(kept, caller, correlationId);
    }
    if (age >= STALE_MS) {
      await kept.asking;
    }
    return kept.known;
  }

  /** After a change that this gateway carried, the next event sees it. */
  forget(tenant: string): void {
    const kept = this.kept.get(tenant);
    if (kept) {
      kept.at = Number.NEGATIVE_INFINITY;
    }
  }

  private keptOf(tenant: string): Kept {
    const kept = this.kept.get(tenant) ?? { at: Number.NEGATIVE_INFINITY, known: nothing, asking: null };
    if (!this.kept.has(tenant)) {
      if (this.kept.size >= MOST_KEPT) {
        this.kept.clear();
      }
      this.kept.set(tenant, kept);
    }
    return kept;
  }

  private async refresh(kept: Kept, caller: Principal, correlationId: string): Promise<void> {
    try {
      // The view is the tenant's, whoever asks: a key limited to areas must not narrow it for the others.
      const response = await this.risk.get('/internal/intake-view', {
        caller: { ...caller, areas: null },
        correlationId,
        withinMs: WITHIN_MS,
      });
      kept.known = placesOf(IntakeView.parse(await response.json()));
    } catch (error) {
      this.logger.warn(
        { err: error, tenant: caller.tenant },
        'intake view not refreshed; the last known is used',
      );
    }
    kept.at = this.now();
    kept.asking = null;
  }
}
