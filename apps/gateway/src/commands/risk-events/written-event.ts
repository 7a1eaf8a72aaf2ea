import type { IntakeEvent } from '@linli/contracts';

/** A text that needs no escape, as JSON. */
const quoted = (text: string | null): string => (text === null ? 'null' : `"${text}"`);

/**
 * An event as JSON, byte for byte what `JSON.stringify` makes of it, in a third of the time: for an event whose texts
 * need no escape.
 */
export const writtenBare = (event: IntakeEvent): string =>
  `{"id":${quoted(event.id)},"source":${quoted(event.source)},"category":${quoted(event.category)}` +
  `,"area":${quoted(event.area)},"grid":${quoted(event.grid)},"building":${quoted(event.building)}` +
  `,"dispute":${quoted(event.dispute)},"point":${event.point === null ? 'null' : JSON.stringify(event.point)}` +
  `,"occurredAt":${event.occurredAt},"credibility":${event.credibility},"severity":${event.severity}` +
  `,"confirmed":${event.confirmed},"party":${quoted(event.party)},"vulnerable":${event.vulnerable}` +
  `,"triggers":${event.triggers.length === 0 ? '[]' : JSON.stringify(event.triggers)}` +
  `,"text":${quoted(event.text)},"quarantine":${quoted(event.quarantine)}` +
  (event.exercise ? ',"exercise":true}' : '}');
