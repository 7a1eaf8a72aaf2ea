import type { Principal } from '@linli/contracts';

type Areas = Principal['areas'];

/** True if whoever is limited to `inner` sees nothing that `outer` does not. */
export const within = (inner: Areas, outer: Areas): boolean =>
  outer === null ||
  (inner !== null && inner.every((prefix) => outer.some((wide) => prefix.startsWith(wide))));
