import { pick, seededRandom, type Random } from '@linli/kernel';
import { Findings } from '../broken.js';
import { CHANGES } from '../checkers/journal.js';
import type { Counts } from '../counts.js';
import { allHappened } from '../void.js';
import type { Gateway, Reply } from './gateway.js';
import { isLinearizable, versioned, type Call, type VersionedOp } from './linearizable.js';
import { suiteOnGateway } from './rounds.js';

const WARNINGS = 24;
const CLIENTS = 6;
/** Of each client on each warning; all of them together can still be judged. */
const CALLS = 9;

const verbs = ['issue', 'dismiss', 'acknowledge', 'verify'] as const;
type Verb = (typeof verbs)[number];
const bodies: Readonly<Record<Verb, object>> = {
  issue: {},
  dismiss: { reason: 'test' },
  acknowledge: {},
  verify: { result: 'confirmed', evidence: 'seen on site' },
};

type History = Call<VersionedOp>[];

const opOf = ({ status, etag, text }: Reply, ifMatch: number): VersionedOp => {
  const version = Number(/^"(\d+)"$/u.exec(etag ?? '')?.[1]);
  if (status === 200) return { kind: 'changed', ifMatch, version };
  if (status === 412) return { kind: 'stale', ifMatch };
  if (status === 202 || status >= 500) return { kind: 'unknown', ifMatch };
  if (status === 409 || status === 403) return { kind: 'refused' };
  throw new Error(`an answer that nobody expects: ${status} ${text}`);
};

/** A client of a warning: reads it, then changes what it read, as the others do. */
class Officer {
  private version = 1;

  constructor(
    private readonly gateway: Gateway,
    private readonly key: string,
    private readonly warning: string,
    private readonly history: History,
  ) {}

  async act(random: Random): Promise<void> {
    const op = await (random.next() < 0.4 ? this.read() : this.change(pick(random, verbs)));
    if (op.kind === 'read' || op.kind === 'changed') this.version = op.version;
  }

  private read(): Promise<VersionedOp> {
    const path = `/v1/warnings/${this.warning}`;
    return this.record(async () => {
      const { status, text } = await this.gateway.ask({ key: this.key, path });
      if (status !== 200) throw new Error(`reading: ${status} ${text}`);
      return { kind: 'read', version: (JSON.parse(text) as { version: number }).version };
    });
  }

  private change(verb: Verb): Promise<VersionedOp> {
    const ifMatch = this.version;
    const path = `/v1/warnings/${this.warning}/${verb}`;
    const headers = { 'if-match': `"${ifMatch}"` };
    return this.record(async () =>
      opOf(await this.gateway.ask({ key: this.key, path, body: bodies[verb], headers }), ifMatch),
    );
  }

  private async record(call: () => Promise<VersionedOp>): Promise<VersionedOp> {
    const start = performance.now();
    const op = await call();
    this.history.push({ op, start, end: op.kind === 'unknown' ? Infinity : performance.now() });
    return op;
  }
}

const besiege = async (gateway: Gateway, keys: readonly string[], warning: string, random: Random) => {
  const history: History = [];
  const work = async (key: string): Promise<void> => {
    const officer = new Officer(gateway, key, warning, history);
    for (let n = 0; n < CALLS; n += 1) await officer.act(random);
  };
  await Promise.all(keys.map(work));
  return history;
};

const count = (histories: readonly History[], kind: VersionedOp['kind']): number =>
  histories.flat().filter(({ op }) => op.kind === kind).length;

/** What was answered as changed is what the rows say: versions 1 to the last, once each. */
const checkRows = async (gateway: Gateway, told: ReadonlyMap<string, History>, findings: Findings) => {
  await gateway.untilStamped();
  const { rows } = await gateway.database.query(
    `select aggregate_id as id, array_agg(aggregate_version::int order by aggregate_version) as versions
     from risk.journal where ${CHANGES} and aggregate_id = any($1) group by aggregate_id`,
    [[...told.keys()]],
  );
  for (const { id, versions } of rows as { id: string; versions: number[] }[]) {
    if (versions.some((version, n) => version !== n + 1))
      findings.note(`${id} has versions ${versions.join()}`);
    const answered = (told.get(id) ?? []).flatMap(({ op }) => (op.kind === 'changed' ? [op.version] : []));
    const lost = answered.filter((version) => !versions.includes(version));
    if (lost.length > 0) findings.note(`${id}: answered versions ${lost.join()} are not there`);
  }
};

export const orderOf = async (gateway: Gateway, seed: number): Promise<Counts> => {
  const random = seededRandom(seed);
  const keys = await Promise.all(Array.from({ length: CLIENTS }, (_, n) => gateway.newKey(`officer ${n}`)));
  const histories = new Map<string, History>();
  const findings = new Findings();
  for (const warning of await gateway.candidates(WARNINGS))
    histories.set(warning, await besiege(gateway, keys, warning, random));
  for (const [warning, history] of histories)
    if (!isLinearizable(history, versioned(1)))
      findings.note(
        `no order explains ${warning}: ${JSON.stringify(history.toSorted((a, b) => a.start - b.start))}`,
      );
  await checkRows(gateway, histories, findings);
  findings.settle('T14');
  const all = [...histories.values()];
  const counts = {
    ...{ histories: all.length, calls: all.flat().length, reads: count(all, 'read') },
    ...{ changes: count(all, 'changed'), conflicts: count(all, 'stale'), unknown: count(all, 'unknown') },
  };
  allHappened(counts, ['reads', 'changes', 'conflicts']);
  return counts;
};

export const order = suiteOnGateway(
  {
    id: 'T14',
    promise: 'Changes of one warning have one order, which keeps real time, and every reader sees it',
    attack: 'writes and reads of one warning at once, judged by a linearizability checker',
    rounds: 20,
  },
  orderOf,
);
