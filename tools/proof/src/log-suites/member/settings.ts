import type { TopicSpec } from '@linli/contracts';

/** What a member of the test system is told by its launcher; travels as JSON in LINLI_PROOF_MEMBER. */
export interface MemberSettings {
  /** Name of the service; members of one name share schema and groups, as replicas do. */
  readonly service: string;
  readonly databaseUrl: string;
  readonly schema: string;
  readonly brokers: readonly string[];
  /** Commands that it does. */
  readonly commands: TopicSpec | null;
  /** Facts that it tells. */
  readonly tells: TopicSpec | null;
  /** Facts that it hears. */
  readonly hears: TopicSpec | null;
  /** Packed records that it stores. */
  readonly intake: TopicSpec | null;
  /** Base URL of the teller whose journal heals what it hears. */
  readonly healFrom: string | null;
  /** Where the ends of its journal are noted. */
  readonly anchors: string | null;
  /** Where it answers; 0 = any free port. */
  readonly port: number;
  /** The process ends itself when its thread is busy for so long; 0 = never. */
  readonly stuckAfterMs: number;
}

export const SETTINGS_VARIABLE = 'LINLI_PROOF_MEMBER';

export const settingsFrom = (environment: NodeJS.ProcessEnv): MemberSettings =>
  JSON.parse(environment[SETTINGS_VARIABLE] ?? '') as MemberSettings;

/** The key by which launcher and members sign commands. */
export const SIGNING_KEY = 'a signing key for the log suites';
