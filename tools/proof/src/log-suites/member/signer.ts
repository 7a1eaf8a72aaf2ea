import { macSigner } from '@linli/bus';
import { createHmac } from 'node:crypto';
import { SIGNING_KEY } from './settings.js';

export const signer = macSigner((text) => createHmac('sha256', SIGNING_KEY).update(text).digest());
