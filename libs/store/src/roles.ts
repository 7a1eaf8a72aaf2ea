import type { Client } from 'pg';
import { StoreFault } from './fault.js';

/** The role that owns a service's schema and everything in it; no rights elsewhere, no login. */
export const ownerRole = (schema: string): string => `linli_${schema}`;

/** The role of `readAs`: reads what a migration opened to it, under row-level security. */
export const readerRole = (schema: string): string => `linli_${schema}_reader`;

/** Schema names go into identifiers and connection options; nothing but these is one. */
export const checkSchemaName = (schema: string): void => {
  if (!/^[a-z][a-z0-9_]{0,40}$/u.test(schema) || /^(pg_|public$|information_schema$)/u.test(schema))
    throw new StoreFault('STORE_SCHEMA_NAME', `"${schema}" cannot be the name of a service's schema.`);
};

/** Roles belong to the whole server: another database of it may be making the same one at this moment. */
const createRole = async (client: Client, role: string): Promise<void> => {
  try {
    await client.query(`create role ${role} nologin nobypassrls noinherit`);
  } catch (error) {
    if (!['42710', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
  }
};

const canBecome = async (client: Client, role: string): Promise<boolean> => {
  try {
    await client.query(`set role ${role}`);
    await client.query('reset role');
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === '42501') return false;
    throw error;
  }
};

const ensureRole = async (client: Client, role: string): Promise<void> => {
  const { rows } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
  if (rows.length === 0) await createRole(client, role);
  if (!(await canBecome(client, role))) await client.query(`grant ${role} to current_user`);
};

/** Makes the roles and the schema of a service where they are missing, and lets the login act as them. */
export const ensureRoles = async (client: Client, schema: string): Promise<void> => {
  const [owner, reader] = [ownerRole(schema), readerRole(schema)];
  await ensureRole(client, owner);
  await ensureRole(client, reader);
  const { rows } = await client.query('select 1 from pg_namespace where nspname = $1', [schema]);
  if (rows.length === 0) await client.query(`create schema ${schema} authorization ${owner}`);
  await client.query(`set role ${owner}`);
  await client.query(`grant usage on schema ${schema} to ${reader}`);
  await client.query('reset role');
};
