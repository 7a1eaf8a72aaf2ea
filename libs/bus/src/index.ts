export * from './handling.js';
export { failpoint, failpointOnceSent, failpoints, type Failpoint } from './failpoint.js';
export * from './log/log.js';
export { PublishRefused, PublishUnknown, type PublishRefusal } from './log/publish-fault.js';
export { MAX_RECORD_BYTES, retentionOf } from './log/limits.js';
export type { LogLogger } from './log/position.js';
export type { Schedule } from './log/pull-subscriber.js';
export { memoryLog, type MemoryLogOptions } from './log/memory/memory-log.js';
export { logMigrations } from './log/postgres/log-tables.js';
export { postgresLog, type PostgresLog, type PostgresLogOptions } from './log/postgres/postgres-log.js';
export { kafkaLog } from './log/kafka/kafka-log.js';
export type { KafkaLogOptions } from './log/kafka/kafka-client.js';
export * from './bus.js';
export {
  CORRELATION,
  correlationIn,
  TRACEPARENT,
  type BusWatch,
  type ChunkWork,
  type HandlerWork,
} from './watch.js';
export { Loop, type LoopOptions } from './journal/loop.js';
export type { Cursor, JournalEntry } from './journal/journal-entry.js';
export { busMigrations } from './store/postgres/migrations.js';
export { BeforeCommands, CommandHandler, FactHandler, StreamHandler } from './nest/decorators.js';
export { openBus, openBusOn, type BusOptions } from './open-bus.js';
export type { BusParts, BusSettings } from './bus-parts.js';
export type { DeadLetter, ParkedKey, ParkedMessage, Place, Progress } from './store/bus-store.js';
export type { StampedEntry, Stream } from './store/journal-store.js';
export { PullSubscriber, type PullSource } from './log/pull-subscriber.js';
export { hashOf, verifyChain } from './journal/chain.js';
export { macSigner, type Signer } from './wire/signer.js';
export { commandRecord } from './wire/command-record.js';
export { streamRecord } from './wire/stream-record.js';
export { factRecord, readFact } from './wire/fact-record.js';
export { consumerLimits, type ConsumerLimits, type Heal } from './consume/parts.js';
export type { Released } from './consume/release.js';
export type { BusReport, Operate, PartitionState } from './operate/operate.js';
export type { LetterFilter } from './store/operate-store.js';
export type { Tally } from './consume/tally.js';
export { anchorFile } from './journal/anchor-file.js';
export type { Anchor, Anchoring, AnchorSink } from './journal/anchors.js';
export type { ChainFault, ChainReport } from './journal/chain.js';
export type { BusStore } from './store/bus-store.js';
export { postgresBusStore } from './store/postgres/postgres-bus-store.js';
export { memoryBusStore } from './store/memory/memory-bus-store.js';
export { MemoryTables, type MemoryTransaction } from './store/memory/memory-tables.js';
