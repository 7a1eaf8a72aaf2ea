import { macSigner, type Signer } from '@linli/bus';
import type { Secrets } from './secrets.js';

/** Signs commands: only who holds the master secret (the gateway and the services) can put one on a command topic. */
export const commandSigner = (secrets: Secrets): Signer => macSigner((text) => secrets.mac('commands', text));
