/** One warning's score as stored, and as computed again from its stored events. */
export interface Recomputed {
  readonly id: string;
  readonly tenant: string;
  readonly stored: number;
  readonly recomputed: number;
  readonly equal: boolean;
}

export interface RecomputeRequest {
  /** Absent: every tenant. */
  readonly tenant?: string;
  /** Absent: every warning. */
  readonly warning?: string;
}

/** Computes again; opens what it needs and closes it at the end. */
export type Recompute = (request: RecomputeRequest) => Promise<readonly Recomputed[]>;
