import type { Principal } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';

/** What operators see and mend is of all tenants and areas: a key that is limited to areas may not. */
export const requireEverywhere = ({ areas }: Pick<Principal, 'areas'>): void => {
  if (areas === null) return;
  throw new Refused(
    refuse('GTW_AREA_LIMITED', 'forbidden', 'This concerns all areas; your key is limited to some.'),
  );
};
