import type { Command } from '@linli/contracts';
import type { BusState } from '../bus.js';
import { preview, runByHand } from './by-hand.js';
import { deadLetterOf, deadLettersOf, parkedKeyOf, parkedKeysOf } from './looking.js';
import type { Operate } from './operate.js';
import { partitionViews } from './partition-views.js';
import type { OperateParts } from './target.js';

interface Sources<Tx> {
  readonly parts: () => OperateParts<Tx>;
  readonly state: () => Promise<BusState>;
}

/** The operators' side of one bus. */
export const busOperate = <Tx>({ parts, state }: Sources<Tx>): Operate => ({
  async report() {
    const { store, clock } = parts();
    const [now, letters] = await Promise.all([state(), store.operate.letterCounts(store.reader('http'))]);
    const { unstamped, unpublished, unsentSince, parkedKeys, tally, lastFault } = now;
    const age =
      unsentSince === null ? null : Math.max(0, (clock.now().getTime() - unsentSince.getTime()) / 1000);
    return {
      relay: { unstamped, unpublished, oldestSeconds: age },
      deadLetters: letters,
      ...{ parkedKeys, healed: tally.healed, lastFault },
    };
  },
  partitions: async () => partitionViews(parts(), (await state()).consumers),
  deadLetters: (filter) => deadLettersOf(parts().store, parts().service, filter),
  deadLetter: (id) => deadLetterOf(parts().store, parts().service, id),
  parkedKeys: (page) => parkedKeysOf(parts().store, parts().service, page),
  parkedKey: (id) => parkedKeyOf(parts().store, parts().service, id),
  chains: () => [...parts().tells.values()].map(({ name, partitions }) => ({ topic: name, partitions })),
  runByHand: (command: Command) => runByHand(parts(), command),
  preview: (command: Command) => preview(parts(), command),
});
