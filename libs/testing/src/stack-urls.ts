/** A real Kafka, PostgreSQL and Redis for tests. Shared when it comes from the environment: isolate by names. */
export interface TestStack {
  readonly source: 'environment' | 'docker' | 'launcher';
  readonly kafkaBrokers: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Ends what was started for this caller; a stack of the environment is left as it is. */
  stop(): Promise<void>;
}
