/** Where the time comes from. The domain never asks; doors and the bus do. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that starts at `start` and runs `factor` times as fast as `base`: for demonstrations and simulations. */
export const acceleratedClock = (start: Date, factor: number, base: Clock = systemClock): Clock => {
  const origin = base.now().getTime();
  return { now: () => new Date(start.getTime() + (base.now().getTime() - origin) * factor) };
};

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
