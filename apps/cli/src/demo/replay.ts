import type { RiskEvent } from '@linli/contracts';
import type { Matter } from '../casework/casework.js';
import { byDay } from '../casework/casework.js';
import { CLOSES_AT, daysLater, instantAt } from '../casework/local-time.js';
import type { Change, DutyRoom } from './duty-room.js';
import { brokenItems, isResent } from './imperfections.js';
import type { ReplayClock } from './replay-clock.js';
import type { UrbanBrain } from './urban-brain.js';

/** An hour after the offices close, the sender posts the day's batch. */
const POSTS_AT = CLOSES_AT + 1;

export interface Replay {
  readonly matters: readonly Matter[];
  readonly shiftDays: number;
  readonly toEvent: (matter: Matter) => RiskEvent;
  readonly brain: UrbanBrain;
  readonly dutyRoom: DutyRoom;
  readonly clock: ReplayClock | null;
  /** Told at the end of each day. */
  onDay(day: string, dayOfStory: number, changes: readonly Change[]): void;
}

/** Replays the matters day by day: the batch is sent, stored and scored, and the officers act, before the next day. */
export const replay = async (story: Replay): Promise<void> => {
  for (const [dayOfStory, [day, matters]] of byDay(story.matters).entries()) {
    const shown = daysLater(day, story.shiftDays);
    story.clock?.advanceTo(instantAt(shown, POSTS_AT));
    await sendDay(story, matters.map(story.toEvent), dayOfStory);
    await story.brain.settled();
    story.onDay(shown, dayOfStory, await story.dutyRoom.round());
  }
};

const sendDay = async (
  { brain }: Replay,
  events: readonly RiskEvent[],
  dayOfStory: number,
): Promise<void> => {
  await brain.send([...events, ...events.slice(0, 1).flatMap((good) => brokenItems(good, dayOfStory))]);
  const known = events.filter(({ category }) => !category.startsWith('city.'));
  if (isResent(dayOfStory)) await brain.send(known);
};
