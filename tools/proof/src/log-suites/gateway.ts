import { serviceNames, startLinli, type Linli } from '@linli/all-in-one';
import { readConfig } from '@linli/service';
import { startPostgres } from '@linli/stack';
import { superuserUrl } from '@linli/store';
import { BOOTSTRAP_KEY, eventually, linliEnvironment, temporaryDir } from '@linli/testing';
import { Pool } from 'pg';

export interface Reply {
  readonly status: number;
  readonly etag: string | null;
  readonly replayed: boolean;
  readonly text: string;
}

export interface Ask {
  readonly key: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The whole system on a database of its own, behind its real gateway; can be stopped and started again. */
export class Gateway {
  private runs = 0;

  private constructor(
    private linli: Linli,
    private readonly environment: Readonly<Record<string, string>>,
    readonly database: Pool,
    private readonly undo: () => Promise<void>,
  ) {}

  static async open(): Promise<Gateway> {
    const folder = temporaryDir('gateway');
    const postgres = await startPostgres();
    const environment = {
      ...linliEnvironment,
      LINLI_LOG_LEVEL: 'error',
      LINLI_DATA_DIR: folder.path,
      DATABASE_URL: postgres.url,
    };
    const database = new Pool({ connectionString: superuserUrl(postgres.url), max: 2 });
    database.on('error', () => undefined);
    const linli = await Gateway.start(environment);
    return new Gateway(linli, environment, database, async () => {
      await database.end();
      await postgres.stop();
      folder.remove();
    });
  }

  private static start(environment: Readonly<Record<string, string>>): Promise<Linli> {
    return startLinli(readConfig(environment, serviceNames), { allowUnsafe: true });
  }

  async restart(): Promise<void> {
    await this.linli.stop();
    this.linli = await Gateway.start(this.environment);
  }

  async close(): Promise<void> {
    await this.linli.stop();
    await this.undo();
  }

  async ask({ key, path, body, headers = {} }: Ask): Promise<Reply> {
    const response = await fetch(`${this.linli.url ?? ''}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    return {
      status: response.status,
      etag: response.headers.get('etag'),
      replayed: response.headers.get('idempotent-replayed') === 'true',
      text: await response.text(),
    };
  }

  /** What was told is in the journal a moment after it was answered. */
  async untilStamped(): Promise<void> {
    await eventually(
      async () => {
        const { rows } = await this.database.query('select count(*)::int as n from risk.fact_new');
        return (rows as { n: number }[])[0]?.n === 0;
      },
      { withinMs: 30_000, what: 'all that was told in the journal' },
    );
  }

  async newKey(name: string, tenant?: string): Promise<string> {
    const wanted = {
      name,
      scopes: ['warnings:read', 'warnings:write'],
      ...(tenant !== undefined && { tenant }),
    };
    const { status, text } = await this.ask({ key: BOOTSTRAP_KEY, path: '/v1/api-keys', body: wanted });
    if (status !== 201) throw new Error(`no key: ${text}`);
    return (JSON.parse(text) as { key: string }).key;
  }

  /** So many red candidates, version 1 each: a confirmed gas alarm in a community of its own. */
  async candidates(count: number): Promise<string[]> {
    const run = `${Date.now().toString(36)}${(this.runs += 1)}`;
    const district = `330106${String(this.runs).padStart(2, '0')}`;
    const events = Array.from({ length: count }, (_, n) => {
      const area = district + String(n).padStart(4, '0');
      const when = { occurredAt: new Date().toISOString() };
      const what = {
        category: 'INF-01',
        triggers: ['gas_alarm'],
        confirmed: true,
        credibility: 0.8,
        severity: 1,
      };
      return {
        id: `${run}-${n}`,
        source: `proof-${run}`,
        area,
        place: { grid: `${area}-05` },
        ...what,
        ...when,
      };
    });
    const { status, text } = await this.ask({ key: BOOTSTRAP_KEY, path: '/v1/risk-events', body: events });
    if (status !== 202) throw new Error(`events were not accepted: ${text}`);
    const found = await eventually(
      async () => {
        const { rows } = await this.database.query(
          `select id from risk.warning where area like $1 order by area`,
          [`${district}%`],
        );
        if (rows.length < count) throw new Error(`${rows.length} of ${count} warnings`);
        return rows as { id: string }[];
      },
      { withinMs: 60_000 },
    );
    return found.map(({ id }) => id);
  }
}
