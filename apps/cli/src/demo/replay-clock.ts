import { systemClock, type Clock } from '@linli/kernel';

/** A clock that the replay moves forward, day by day; between two moves it runs as usual. Never goes back. */
export interface ReplayClock extends Clock {
  advanceTo(at: Date): void;
}

/**
 * Not a clock that always runs fast: a command that takes 50 ms would then be hours old when it is carried out, and the
 * system that is left running after the story would age by months an hour.
 */
export const replayClock = (start: Date, base: Clock = systemClock): ReplayClock => {
  let from = start.getTime();
  let movedAt = base.now().getTime();
  const now = (): number => from + Math.max(0, base.now().getTime() - movedAt);
  return {
    now: () => new Date(now()),
    /** So that PostgreSQL and the log, too, know which day of the story it is. */
    get pace() {
      return { start: new Date(from), origin: new Date(movedAt), factor: 1 };
    },
    advanceTo: (at) => {
      from = Math.max(now(), at.getTime());
      movedAt = base.now().getTime();
    },
  };
};
