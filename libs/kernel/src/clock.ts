/** Where the time comes from. The domain never asks; doors and the bus do. */
export interface Clock {
  now(): Date;
  /** Present when it is not the clock of brokers and databases, which stamp by the system's; another one once it was moved. */
  readonly pace?: Pace;
}

/** How a clock goes: it showed `start` when its base showed `origin`, and has been `factor` times as fast since. */
export interface Pace {
  readonly start: Date;
  readonly origin: Date;
  readonly factor: number;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that starts at `start` and runs `factor` times as fast as `base`: for demonstrations and simulations. */
export const acceleratedClock = (start: Date, factor: number, base: Clock = systemClock): Clock => {
  const pace = { start, origin: base.now(), factor };
  return { now: () => atPace(pace, base.now()), pace };
};

const atPace = ({ start, origin, factor }: Pace, at: Date): Date =>
  new Date(start.getTime() + (at.getTime() - origin.getTime()) * factor);

/** What a clock showed at an instant of the system's clock: the same, unless it runs faster. */
export const shownBy = ({ pace }: Pick<Clock, 'pace'>, at: Date): Date => (pace ? atPace(pace, at) : at);

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
