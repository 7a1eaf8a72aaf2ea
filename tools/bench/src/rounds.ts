/** What one round of a row gave: its value, and more numbers that explain it. */
export interface Sample {
  readonly value: number;
  /** CPU microseconds per unit, by process. */
  readonly cpuUs?: Readonly<Record<string, number>>;
  readonly more?: Readonly<Record<string, number>>;
}

/** One row of the bench: measured in rounds that take turns with those of the other rows of its group. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  round(length: RoundLength): Promise<Sample>;
}

export interface RoundLength {
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** Rows that are compared with each other, on one ground. */
export interface Group {
  readonly rows: readonly Row[];
  /** What the ground is set to, printed with the figures. */
  readonly notes?: readonly string[];
  /** What is measured once, after the rounds, and may hang on their figures. */
  after?(measured: readonly Measured[]): Promise<Measured[]>;
  /** More to print, when the rounds are over. */
  report?(): Promise<string[]>;
  close(): Promise<void>;
}

export interface Measured {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly samples: readonly Sample[];
}

export interface Plan extends RoundLength {
  readonly rounds: number;
  /** Told after each round. */
  readonly onSample?: (row: Row, round: number, sample: Sample) => void;
}

/** Every row once to warm up, then `rounds` times in turn; what the first brings is thrown away. */
export const interleaved = async (rows: readonly Row[], plan: Plan): Promise<Measured[]> => {
  const samples = new Map<Row, Sample[]>(rows.map((row) => [row, []]));
  for (let round = 0; round <= plan.rounds; round += 1) {
    for (const row of rows) {
      const sample = await row.round({
        warmUpMs: plan.warmUpMs,
        measureMs: round === 0 ? Math.min(plan.measureMs, 1000) : plan.measureMs,
      });
      if (round > 0) samples.get(row)?.push(sample);
      plan.onSample?.(row, round, sample);
    }
  }
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    unit: row.unit,
    samples: samples.get(row) ?? [],
  }));
};
