import type { Silence as View } from '@linli/contracts';
import type { Secrets } from '@linli/service';
import { isReminderDue, stateOf } from '../domain/silence.js';
import { NOTE_PURPOSE } from '../parts.js';
import type { Silence } from '../store/silences.js';

const iso = (at: number): string => new Date(at).toISOString();

/** A silence as it is shown. */
export const silenceView = (silence: Silence, secrets: Secrets, now: number): View => ({
  id: silence.id,
  area: silence.area,
  category: silence.category,
  reason: secrets.open(NOTE_PURPOSE, silence.sealedReason),
  owner: silence.owner,
  from: iso(silence.from),
  until: iso(silence.until),
  remindAt: iso(silence.remindAt),
  reminderDue: isReminderDue(silence, now),
  remindedAt: silence.remindedAt === null ? null : iso(silence.remindedAt),
  state: stateOf(silence, now),
  ended: silence.endedAt === null ? null : { at: iso(silence.endedAt), by: silence.endedBy ?? '' },
});
