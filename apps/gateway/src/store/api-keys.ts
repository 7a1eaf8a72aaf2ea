import type { Principal, Scope } from '@linli/contracts';
import type { Database } from '@linli/store';

/** An API key as stored: never the key, only a MAC of it. */
export interface StoredKey {
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
  readonly mac: Buffer;
  readonly scopes: readonly Scope[];
  readonly areas: Principal['areas'];
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

const COLUMNS = `id, tenant, name, mac, scopes, areas, created_at as "createdAt", created_by as "createdBy",
  expires_at as "expiresAt", revoked_at as "revokedAt"`;

/** Every prefix of the row lies below one of the asker's: what `within` says, in SQL. */
const WITHIN = `($2::text[] is null or (areas is not null and not exists (
  select from unnest(areas) as inner_area
   where not exists (select from unnest($2::text[]) as wide where starts_with(inner_area, wide)))))`;

/** The API keys of all tenants. */
export class ApiKeys {
  constructor(private readonly database: Pick<Database, 'connection'>) {}

  async find(id: string): Promise<StoredKey | null> {
    const rows = await this.sql.query<StoredKey>(`select ${COLUMNS} from api_key where id = $1`, [id]);
    return rows[0] ?? null;
  }

  async add(key: StoredKey): Promise<void> {
    await this.sql.execute(
      `insert into api_key (id, tenant, name, mac, scopes, areas, created_at, created_by, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        ...[key.id, key.tenant, key.name, key.mac, key.scopes, key.areas],
        ...[key.createdAt, key.createdBy, key.expiresAt],
      ],
    );
  }

  /** Keys of a tenant within some areas, newest first, after the key of a cursor. */
  async list(
    tenant: string,
    areas: Principal['areas'],
    limit: number,
    after: string | null,
  ): Promise<StoredKey[]> {
    return this.sql.query<StoredKey>(
      `select ${COLUMNS} from api_key
        where tenant = $1 and ${WITHIN}
          and ($3::text is null or (created_at, id) < (select created_at, id from api_key where tenant = $1 and id = $3))
        order by created_at desc, id desc limit $4`,
      [tenant, areas, after, limit],
    );
  }

  /** Revokes once; false when there is no such key. */
  async revoke(id: string, at: Date): Promise<boolean> {
    const changed = await this.sql.execute(
      'update api_key set revoked_at = coalesce(revoked_at, $2) where id = $1',
      [id, at],
    );
    return changed > 0;
  }

  private get sql() {
    return this.database.connection('http');
  }
}
