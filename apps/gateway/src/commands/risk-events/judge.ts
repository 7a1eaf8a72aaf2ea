import {
  covers,
  defaultCredibility,
  findCategory,
  INTAKE_LIMITS,
  isWellFormedArea,
  RiskEvent,
  riskTriggers,
  type IntakeEvent,
  type IntakeItem,
  type Principal,
} from '@linli/contracts';
import { flawsOf, hostileIn, isStorable, unstorableIn, type Secrets } from '@linli/service/input';
import type { KnownPlaces } from '../../clients/intake-views.js';
import type { Offered } from './offered.js';
import type { Shape } from './shape.js';

/** What one request's events are judged by. */
export interface Bench {
  readonly caller: Principal;
  readonly known: KnownPlaces;
  readonly secrets: Secrets;
  readonly now: number;
  /** See `Offer`. */
  readonly plain: boolean;
  /** Where there is one, a quick look that spares most events the thorough one. */
  readonly fits: Shape | null;
}

export interface Judged {
  readonly item: IntakeItem;
  /** Present unless rejected. */
  readonly event?: IntakeEvent;
}

type Flaw = { readonly code: string; readonly detail: string; readonly pointer: string };

const triggerNames = new Set(riskTriggers.map((trigger) => trigger.name));
const OLDEST = Date.parse('1970-01-01T00:00:00Z');

const flawOfShape = (value: unknown): Flaw => {
  const [flaw] = flawsOf(RiskEvent.safeParse(value).error?.issues ?? []);
  return {
    code: flaw?.code === 'MISSING' ? 'RSK_FIELD_MISSING' : 'RSK_FIELD_INVALID',
    detail: flaw?.detail ?? 'invalid',
    pointer: flaw?.pointer ?? '',
  };
};

const invalid = (pointer: string, detail: string): Flaw => ({ code: 'RSK_FIELD_INVALID', detail, pointer });

const flawOfTime = (occurredAt: number, now: number): Flaw | null => {
  if (!(occurredAt >= OLDEST)) {
    return invalid('/occurredAt', 'must not lie before 1970');
  }
  return occurredAt > now + INTAKE_LIMITS.futureMs
    ? {
        code: 'RSK_IN_FUTURE',
        detail: 'lies more than 5 minutes in the future',
        pointer: '/occurredAt',
      }
    : null;
};

const flawOfTriggers = ({ triggers }: RiskEvent): Flaw | null => {
  const at = triggers?.findIndex((name) => !triggerNames.has(name)) ?? -1;
  return at < 0
    ? null
    : {
        code: 'RSK_TRIGGER_UNKNOWN',
        detail: 'is not a trigger; see GET /v1/risk-triggers',
        pointer: `/triggers/${at}`,
      };
};

const flawOfText = (event: RiskEvent): Flaw | null => {
  const flaw = unstorableIn(event);
  return flaw && invalid(flaw.pointer, flaw.detail);
};

/** The code of a known category, by code, slug or mapping; null when it is not known. */
const categoryOf = (sent: string, known: KnownPlaces): string | null =>
  (findCategory(sent) ?? findCategory(known.categories.get(sent) ?? ''))?.code ?? null;

const isKnownArea = (area: string, { loaded }: KnownPlaces): boolean =>
  isWellFormedArea(area) && (loaded === null || loaded.has(area) || loaded.has(area.slice(0, 12)));

const areaOf = (sent: string, known: KnownPlaces): string | null => {
  if (isKnownArea(sent, known)) {
    return sent;
  }
  const mapped = known.areas.get(sent);
  return mapped !== undefined && isKnownArea(mapped, known) ? mapped : null;
};

const credibilityOf = (source: string, { credibilities }: KnownPlaces): number =>
  credibilities.get(source) ?? defaultCredibility(source);

/** A hash that stays the same for a party within a tenant and says nothing of it: 128 bits, hex. */
const hashedParty = ({ secrets, caller }: Bench, party: string): string =>
  secrets.macHex('risk.party', `${caller.tenant}\n${party}`).slice(0, 32);

const intakeEvent = (
  event: RiskEvent,
  occurredAt: number,
  { category, area }: { category: string | null; area: string | null },
  bench: Bench,
): IntakeEvent => ({
  id: event.id,
  source: event.source,
  category: category ?? event.category,
  area: area ?? event.area,
  grid: event.place?.grid ?? null,
  building: event.place?.building ?? null,
  dispute: event.place?.dispute ?? null,
  point: event.place?.point ?? null,
  occurredAt,
  credibility: event.credibility ?? credibilityOf(event.source, bench.known),
  severity: event.severity ?? 1,
  confirmed: event.confirmed ?? false,
  party: event.party === undefined ? null : hashedParty(bench, event.party),
  vulnerable: event.vulnerable ?? false,
  triggers: event.triggers ?? [],
  text: event.text === undefined ? null : bench.secrets.seal('risk.event-text', event.text),
  quarantine: category === null ? 'category' : area === null ? 'area' : null,
  exercise: event.exercise || undefined,
});

const quarantined = {
  category: {
    code: 'RSK_CATEGORY_UNKNOWN',
    detail: 'kept in quarantine: the category is not known',
    pointer: '/category',
  },
  area: { code: 'RSK_AREA_UNKNOWN', detail: 'kept in quarantine: the area is not known', pointer: '/area' },
} as const;

const judgeEvent = (event: RiskEvent, bench: Bench): Flaw | IntakeEvent => {
  const occurredAt = Date.parse(event.occurredAt);
  const flaw =
    flawOfTime(occurredAt, bench.now) ?? flawOfTriggers(event) ?? (bench.plain ? null : flawOfText(event));
  if (flaw) {
    return flaw;
  }
  const category = categoryOf(event.category, bench.known);
  const area = areaOf(event.area, bench.known);
  if (!covers(bench.caller, area ?? event.area)) {
    return { code: 'RSK_AREA_FORBIDDEN', detail: 'lies outside the areas of your key', pointer: '/area' };
  }
  return intakeEvent(event, occurredAt, { category, area }, bench);
};

const judgeValue = (value: unknown, bench: Bench): Flaw | IntakeEvent => {
  const hostile = hostileIn(value);
  if (hostile) {
    return invalid(hostile.pointer, hostile.detail);
  }
  if (bench.plain && bench.fits?.(value)) {
    return judgeEvent(value, bench);
  }
  const shape = RiskEvent.safeParse(value);
  return shape.success ? judgeEvent(shape.data, bench) : flawOfShape(value);
};

const idOf = (offered: Offered, { plain }: Bench): string | null => {
  const id = 'event' in offered ? (offered.event as { id?: unknown } | null)?.id : null;
  return typeof id === 'string' && (plain || isStorable(id)) ? id.slice(0, 128) : null;
};

/** Judges one offered item: what the sender is told, and what goes on to the risk service. */
export const judge = (offered: Offered, index: number, bench: Bench): Judged => {
  const verdict = 'event' in offered ? judgeValue(offered.event, bench) : offered;
  const id = idOf(offered, bench);
  if ('code' in verdict) {
    const at = 'event' in offered ? offered.at : '';
    const { code, detail } = verdict;
    return { item: { index, id, status: 'rejected', code, detail, pointer: at + verdict.pointer } };
  }
  if (verdict.quarantine === null) {
    return { item: { index, id, status: 'accepted' }, event: verdict };
  }
  const at = 'event' in offered ? offered.at : '';
  const { code, detail, pointer } = quarantined[verdict.quarantine];
  return { item: { index, id, status: 'quarantined', code, detail, pointer: at + pointer }, event: verdict };
};
