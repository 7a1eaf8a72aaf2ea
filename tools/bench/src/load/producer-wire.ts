/** Row (c): a bare kafkajs producer, one record per event, all in-sync replicas, sends of 500, five in flight. */
export interface ProducerOptions {
  readonly brokers: string;
  readonly topic: string;
  readonly batch: number;
  readonly inFlight: number;
  readonly seed: number;
  readonly now: number;
}

export interface ProducerMark {
  readonly sent: number;
  readonly atMs: number;
  readonly cpuUs: number;
  readonly failures: number;
}
