import type {
  Command,
  DeadLetterPage,
  DeadLetterView,
  Outcome,
  ParkedKeyPage,
  ParkedKeyView,
  PartitionView,
  ServiceStatus,
} from '@linli/contracts';
import type { LetterFilter } from '../store/operate-store.js';

/** A partition without the name of the service. */
export type PartitionState = Omit<PartitionView, 'service'>;

/** What the bus knows of itself, for people. */
export type BusReport = Pick<ServiceStatus, 'relay' | 'deadLetters' | 'parkedKeys' | 'healed' | 'lastFault'>;

/** The operators' side of a bus: what is stuck, and how it is mended. */
export interface Operate {
  report(): Promise<BusReport>;
  /** Rejects when the log does not answer. */
  partitions(): Promise<readonly PartitionState[]>;
  deadLetters(filter: LetterFilter): Promise<DeadLetterPage>;
  deadLetter(id: string): Promise<DeadLetterView | null>;
  parkedKeys(page: { readonly after: number; readonly limit: number }): Promise<ParkedKeyPage>;
  parkedKey(id: string): Promise<ParkedKeyView | null>;
  /** Topics whose journal is here, with the number of their partitions. */
  chains(): readonly { readonly topic: string; readonly partitions: number }[];
  /** Runs a command that cannot travel in the log (`ops.resume-partition`); the same one does it once. */
  runByHand(command: Command): Promise<Outcome>;
  /** What a command would do; changes nothing. */
  preview(command: Command): Promise<Outcome>;
}
