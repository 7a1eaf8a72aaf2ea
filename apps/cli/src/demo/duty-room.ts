import { Warning, WarningPage, type WarningVerb } from '@linli/contracts';
import type { Api } from '../client/api.js';
import { Declined } from '../client/faults.js';
import { until } from '../client/until.js';
import { DISTRICT, streetOf } from '../casework/district.js';

/** How a warning changed since the duty room last looked. */
export interface Change {
  readonly warning: Warning;
  readonly kind: 'raised' | 'colour up';
}

const TRIES = 3;

/** Who acts on warnings: the duty officer of the district, and an officer for each street. */
export class DutyRoom {
  readonly #seen = new Map<string, Warning>();

  constructor(
    private readonly duty: Api,
    private readonly officers: ReadonlyMap<string, Api>,
    private readonly quietMs: number,
  ) {}

  get warnings(): readonly Warning[] {
    return [...this.#seen.values()];
  }

  /** Looks at the list once, issues and acknowledges what waits, and tells what is new. */
  async round(): Promise<readonly Change[]> {
    const changes: Change[] = [];
    for (const listed of await this.#list()) {
      const before = this.#seen.get(listed.id);
      if (before?.version === listed.version) continue;
      const warning = await this.#act(listed);
      this.#seen.set(warning.id, warning);
      if (!before) changes.push({ warning, kind: 'raised' });
      else if (before.colour !== warning.colour) changes.push({ warning, kind: 'colour up' });
    }
    return changes;
  }

  /** Rounds until nothing waits for anybody and nothing has changed for a while. */
  async lastRounds(tell: (changes: readonly Change[]) => void): Promise<void> {
    let fingerprint = '';
    let quietSince = performance.now();
    await until(
      async () => {
        tell(await this.round());
        const now = this.warnings.map(({ id, version }) => `${id}:${version}`).join();
        if (now !== fingerprint) quietSince = performance.now();
        fingerprint = now;
        const waiting = this.warnings.some(({ status }) => status === 'candidate' || status === 'issued');
        return !waiting && performance.now() - quietSince > this.quietMs ? true : undefined;
      },
      () => 'that every warning is issued and acknowledged',
    );
  }

  async #list(): Promise<Warning[]> {
    const all: Warning[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const more: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
      const page: WarningPage = await this.duty.get(
        `/v1/warnings?area=${DISTRICT}&limit=100${more}`,
        WarningPage,
      );
      all.push(...page.items);
      cursor = page.next;
    }
    return all;
  }

  /** The duty officer issues what is orange or red; then its owner, the officer of the street, acknowledges. */
  async #act(listed: Warning): Promise<Warning> {
    const isForDuty = listed.status === 'candidate' && listed.colour !== 'yellow';
    const issued = isForDuty ? await this.#say(this.duty, listed, 'issue') : listed;
    const officer = this.officers.get(streetOf(issued.area)) ?? this.duty;
    return issued.status === 'issued' ? this.#say(officer, issued, 'acknowledge') : issued;
  }

  /** Reads, then says it of exactly what was read; who was overtaken reads again. */
  async #say(who: Api, { id }: Warning, verb: WarningVerb): Promise<Warning> {
    for (let attempt = 1; ; attempt += 1) {
      const { value, etag } = await who.getTagged(`/v1/warnings/${id}`, Warning);
      if (value.status !== (verb === 'issue' ? 'candidate' : 'issued')) return value;
      try {
        return Warning.parse(
          await who.command(`/v1/warnings/${id}/${verb}`, { note: 'Demonstration.' }, etag),
        );
      } catch (error) {
        const overtaken = error instanceof Declined && (error.status === 412 || error.status === 409);
        if (!overtaken || attempt === TRIES) throw error;
      }
    }
  }
}
