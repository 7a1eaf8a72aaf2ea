import type { Paint } from './palette.js';

export interface Closing {
  readonly url: string;
  readonly dutyKey: string;
  readonly brainKey: string;
  readonly warningId: string | null;
  readonly event: unknown;
  /** The system's own time, when it is not ours. */
  readonly systemTime: string | null;
}

const bearer = (key: string): string => `-H 'Authorization: Bearer ${key}'`;

/** Three lines to try against the system that keeps running. */
export const closing = (more: Closing, paint: Paint): string[] => {
  const { url, dutyKey, brainKey, warningId, event, systemTime } = more;
  const path = warningId === null ? '/v1/warnings.geojson' : `/v1/warnings/${warningId}/explanation`;
  return [
    paint('bold', `The system keeps running at ${url} until Ctrl-C. Try:`),
    '',
    `curl -s '${url}/v1/warnings?colour=orange&limit=3' ${bearer(dutyKey)}`,
    '',
    `curl -s '${url}${path}' ${bearer(dutyKey)}`,
    '',
    `curl -s '${url}/v1/risk-events' ${bearer(brainKey)} -H 'Content-Type: application/json' -d '${JSON.stringify(event)}'`,
    '',
    ...(systemTime === null
      ? []
      : [`Its clock shows the story's time, ${systemTime}; its data goes when it ends.`]),
  ];
};
