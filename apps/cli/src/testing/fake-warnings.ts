import { randomUUID } from 'node:crypto';
import { colours, type Colour, type RiskEvent, type Warning } from '@linli/contracts';

/** How many events of one place make which colour. Not the real rule: a stand-in for tests of clients. */
const YELLOW_AT = 4;
const ORANGE_AT = 7;

const colourAt = (count: number): Colour | null =>
  count >= ORANGE_AT ? 'orange' : count >= YELLOW_AT ? 'yellow' : null;

/** Warnings of a system that only exists in tests. */
export class FakeWarnings {
  readonly #counts = new Map<string, number>();
  readonly #byPlace = new Map<string, Warning>();

  list(): Warning[] {
    return [...this.#byPlace.values()];
  }

  get(id: string): Warning | undefined {
    return this.list().find((warning) => warning.id === id);
  }

  put(warning: Warning): void {
    const [place] = [...this.#byPlace].find(([, { id }]) => id === warning.id) ?? [];
    if (place !== undefined) this.#byPlace.set(place, { ...warning, version: warning.version + 1 });
  }

  /** One event more in its place. */
  count(event: RiskEvent): void {
    const grid = event.place?.grid ?? event.area;
    const place = `${event.category} ${grid}`;
    const count = (this.#counts.get(place) ?? 0) + 1;
    this.#counts.set(place, count);
    const colour = event.triggers?.includes('gas_alarm') ? 'red' : colourAt(count);
    const before = this.#byPlace.get(place);
    if (colour === null || (before && colours.indexOf(before.colour) >= colours.indexOf(colour))) return;
    if (before) this.put({ ...before, colour });
    else this.#byPlace.set(place, this.#raise(event, grid, colour));
  }

  #raise(event: RiskEvent, grid: string, colour: Colour): Warning {
    const at = new Date(event.occurredAt).toISOString();
    const issued = colour === 'yellow';
    return {
      ...{ id: randomUUID(), category: event.category, group: event.category.slice(0, 3), area: event.area },
      ...{
        scope: { grid },
        exercise: event.exercise ?? false,
        point: null,
        colour,
        colourName: colour,
        score: 50,
        status: issued ? 'issued' : 'candidate',
      },
      ...{
        version: 1,
        supervision: 0,
        raisedAt: at,
        issuedAt: issued ? at : null,
        acknowledgedAt: null,
        acknowledgedBy: null,
      },
      ...{ verifiedAt: null, planDue: null, external: null, links: [], monitoredAt: null, visits: 0 },
      ...{ nextVisit: null, outcome: null, closedAt: null, mergedInto: null, silencedUntil: null },
      ...{ updatedAt: at, ruleVersion: 'fake' },
    };
  }
}
