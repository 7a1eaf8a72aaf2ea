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

interface Step {
  readonly by: 'duty' | 'officer';
  readonly verb: WarningVerb;
  readonly body: Readonly<Record<string, string>>;
}

const note = 'Demonstration.';
const issue: Step = { by: 'duty', verb: 'issue', body: { note } };

/** What is done on the evening of the day: the clocks of a warning stand still once another body has taken it over. */
const steps: { readonly [S in Warning['status']]?: Step } = {
  issued: { by: 'officer', verb: 'acknowledge', body: { note } },
  acknowledged: { by: 'officer', verb: 'verify', body: { result: 'confirmed', evidence: note } },
  confirmed: { by: 'officer', verb: 'hand-over', body: { body: 'other', reference: 'demo-1', note } },
};

/** Yellow ones are issued by the system. */
const stepOf = ({ status, colour }: Warning): Step | undefined =>
  status === 'candidate' && colour !== 'yellow' ? issue : steps[status];

/** Who acts on warnings: the duty officer of the district, and an officer for each street. */
export class DutyRoom {
  readonly #seen = new Map<string, Warning>();
  #leftAlone: string | null = null;
  #isLast = false;

  constructor(
    private readonly duty: Api,
    private readonly officers: ReadonlyMap<string, Api>,
    private readonly quietMs: number,
  ) {}

  get warnings(): readonly Warning[] {
    return [...this.#seen.values()];
  }

  /** Looks at the list once, answers what waits, and tells what is new. */
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
    this.#isLast = true;
    let fingerprint = '';
    let quietSince = performance.now();
    await until(
      async () => {
        tell(await this.round());
        const now = this.warnings.map(({ id, version }) => `${id}:${version}`).join();
        if (now !== fingerprint) quietSince = performance.now();
        fingerprint = now;
        const waiting = this.warnings.some((warning) => warning.status === 'candidate' || stepOf(warning));
        return !waiting && performance.now() - quietSince > this.quietMs ? true : undefined;
      },
      () => 'that every warning is answered',
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

  /** Step by step, until the warning has left the hands of the officers; all but one, left alone until its clock spoke. */
  async #act(listed: Warning): Promise<Warning> {
    if (this.#isLeftAlone(listed)) return listed;
    let warning = listed;
    for (let step = stepOf(warning); step; step = stepOf(warning)) {
      const officer = this.officers.get(streetOf(warning.area)) ?? this.duty;
      warning = await this.#say(step.by === 'duty' ? this.duty : officer, warning, step);
    }
    return warning;
  }

  /** The first yellow one shows what happens to a warning that nobody answers. */
  #isLeftAlone({ id, colour, status }: Warning): boolean {
    if (this.#isLast || colour !== 'yellow' || status !== 'issued') return false;
    this.#leftAlone ??= id;
    return this.#leftAlone === id;
  }

  /** Reads, then says it of exactly what was read; who was overtaken reads again. */
  async #say(who: Api, { id, status }: Warning, { verb, body }: Step): Promise<Warning> {
    for (let attempt = 1; ; attempt += 1) {
      const { value, etag } = await who.getTagged(`/v1/warnings/${id}`, Warning);
      if (value.status !== status) return value;
      try {
        return Warning.parse(await who.command(`/v1/warnings/${id}/${verb}`, body, etag));
      } catch (error) {
        const overtaken = error instanceof Declined && (error.status === 412 || error.status === 409);
        if (!overtaken || attempt === TRIES) throw error;
      }
    }
  }
}
