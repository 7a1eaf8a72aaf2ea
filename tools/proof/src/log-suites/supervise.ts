import { eventually, NotReady } from '@linli/testing';
import type { MemberSettings } from './member/settings.js';
import type { Member } from './members.js';
import type { World } from './world.js';

export interface Supervised {
  readonly member: Member;
  /** How each life before the last one ended. */
  readonly deaths: readonly string[];
}

/** One life: the member when the work got done in it, else how it died. */
const live = async (
  world: World,
  settings: MemberSettings,
  isDone: () => Promise<boolean>,
): Promise<Member | string> => {
  let member: Member;
  try {
    member = await world.start(settings);
  } catch (error) {
    if (error instanceof NotReady) return error.how;
    throw error;
  }
  const done = eventually(async () => member.hasEnded() || (await isDone()), {
    withinMs: 60_000,
    everyMs: 100,
    what: 'the work done, or another death',
  });
  await Promise.race([member.ended, done]);
  return member.hasEnded() ? member.ended : member;
};

/** Starts a member again whenever it dies, as an orchestrator does, until the work is done. */
export const supervise = async (
  world: World,
  settings: MemberSettings,
  isDone: () => Promise<boolean>,
): Promise<Supervised> => {
  const deaths: string[] = [];
  while (deaths.length < 10) {
    const lived = await live(world, settings, isDone);
    if (typeof lived !== 'string') return { member: lived, deaths };
    deaths.push(lived);
    await world.bury(settings);
  }
  throw new Error(`died ${deaths.length} times:\n${deaths.join('\n')}`);
};
