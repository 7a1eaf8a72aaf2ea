/**
 * A topic of the log. The number of partitions is **frozen**: it is the modulus of the hash that keeps one aggregate in
 * one partition. Growing means a new topic version (`…v2`), never a new count.
 */
export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** `commands` and `intake` are kept 14 days, `facts` 7 (the journal holds them longer). */
  readonly holds: 'commands' | 'intake' | 'facts';
}

export const RISK_INTAKE: TopicSpec = { name: 'linli.risk.intake.v1', partitions: 12, holds: 'intake' };
export const RISK_COMMANDS: TopicSpec = { name: 'linli.risk.commands.v1', partitions: 12, holds: 'commands' };
export const RISK_WARNINGS: TopicSpec = { name: 'linli.risk.warnings.v1', partitions: 12, holds: 'facts' };

/** What operators mended in a service. One partition: their acts have one order. */
export const operationsTopic = (service: string): TopicSpec => ({
  name: `linli.${service}.operations.v1`,
  partitions: 1,
  holds: 'facts',
});
export const RISK_OPERATIONS: TopicSpec = operationsTopic('risk');

export const topics: readonly TopicSpec[] = [RISK_INTAKE, RISK_COMMANDS, RISK_WARNINGS, RISK_OPERATIONS];

/** Where each service that operators can mend takes its commands. */
export const commandTopics: Readonly<Record<string, TopicSpec>> = { risk: RISK_COMMANDS };

/** The partition of a key: FNV-1a (32 bit) of its UTF-8 bytes, modulo the frozen count. Same everywhere, for ever. */
export const partitionOf = (key: string, topic: Pick<TopicSpec, 'partitions'>): number => {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(key)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash % topic.partitions;
};
