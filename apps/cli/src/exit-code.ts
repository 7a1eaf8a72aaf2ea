/** Exit codes of every verb. */
export const exitCode = {
  ok: 0,
  /** The verb ran and found problems: rejected events, a score that differs, numbers that do not add up. */
  problems: 1,
  usage: 2,
  unreachable: 3,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** A verb says with it how it ended. */
export type Finish = (code: ExitCode) => void;

/** A mistake of the caller that the argument parser cannot see. */
export class UsageMistake extends Error {}
