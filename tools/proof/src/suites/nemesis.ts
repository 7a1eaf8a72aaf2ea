import type { Random } from '@linli/kernel';
import { setTimeout as delay } from 'node:timers/promises';
import type { Member } from '../fleet/member.js';

/** Runs an attack beside a load; the load goes on until the attack is over. */
export const beside = async <T>(
  attack: () => Promise<T>,
  load: (attackGoesOn: () => boolean) => Promise<void>,
): Promise<T> => {
  let goesOn = true;
  const attacking = attack().finally(() => {
    goesOn = false;
  });
  const [result] = await Promise.all([attacking, load(() => goesOn)]);
  return result;
};

/** kill -9 of one member after another, each started again before the next one dies. */
export const killByTurns = async (
  members: readonly Member[],
  kills: number,
  random: Random,
  longestCalmMs: number,
): Promise<number> => {
  for (let n = 0; n < kills; n += 1) {
    const member = members[n % members.length];
    if (!member) throw new Error('nobody to kill');
    await delay(random.next() * longestCalmMs);
    await member.kill();
    await member.start();
  }
  return members.reduce((sum, member) => sum + member.kills, 0);
};
