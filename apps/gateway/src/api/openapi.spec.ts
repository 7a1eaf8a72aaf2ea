import { describe, expect, it } from '@jest/globals';
import { openApiOf, problemsOf } from './openapi.js';
import { operations } from './operations.js';

type Document = {
  openapi: string;
  paths: Record<
    string,
    Record<
      string,
      {
        description: string;
        parameters?: { name: string }[];
        responses: Record<string, unknown>;
        security: unknown[];
        requestBody?: unknown;
      }
    >
  >;
  components: { schemas: Record<string, { properties?: Record<string, unknown> }> };
};
const document = openApiOf(operations) as unknown as Document;
const responses = (path: string, method: string) =>
  Object.keys(document.paths[path]?.[method]?.responses ?? {});

describe('the OpenAPI document', () => {
  it('holds every operation of the issue', () => {
    expect(Object.keys(document.paths).sort()).toEqual([
      '/livez',
      '/metrics',
      '/openapi.json',
      '/readyz',
      '/v1/api-keys',
      '/v1/api-keys/{id}',
      '/v1/areas',
      '/v1/calendars',
      '/v1/calendars/import',
      '/v1/calendars/{calendar}/days',
      '/v1/deadlines/preview',
      '/v1/deadlines/{id}/explanation',
      '/v1/operations/{token}',
      '/v1/ops/audit/verify',
      '/v1/ops/dead-letters',
      '/v1/ops/dead-letters/replay',
      '/v1/ops/dead-letters/{id}',
      '/v1/ops/dead-letters/{id}/discard',
      '/v1/ops/dead-letters/{id}/replay',
      '/v1/ops/outcomes/{command}',
      '/v1/ops/parked-keys',
      '/v1/ops/parked-keys/{id}',
      '/v1/ops/parked-keys/{id}/discard-first',
      '/v1/ops/parked-keys/{id}/release',
      '/v1/ops/partitions',
      '/v1/ops/partitions/{service}/{topic}/{partition}/resume',
      '/v1/ops/status',
      '/v1/risk-categories',
      '/v1/risk-events',
      '/v1/risk-events/quarantine',
      '/v1/risk-events/quarantine/replay',
      '/v1/risk-events/summary',
      '/v1/risk-events/{source}/{id}',
      '/v1/risk-triggers',
      '/v1/risk/accuracy',
      '/v1/risk/credits',
      '/v1/risk/credits/undo',
      '/v1/risk/incidents',
      '/v1/risk/incidents/{id}/withdraw',
      '/v1/risk/map',
      '/v1/risk/palette',
      '/v1/risk/response-policy',
      '/v1/risk/second-looks',
      '/v1/risk/silences',
      '/v1/risk/silences/{id}/end',
      '/v1/risk/sources',
      '/v1/sla/forecast',
      '/v1/sla/items',
      '/v1/sla/queues',
      '/v1/sla/what-if',
      '/v1/warnings',
      '/v1/warnings.geojson',
      '/v1/warnings/stream',
      '/v1/warnings/{id}',
      '/v1/warnings/{id}/acknowledge',
      '/v1/warnings/{id}/close',
      '/v1/warnings/{id}/deadlines',
      '/v1/warnings/{id}/dismiss',
      '/v1/warnings/{id}/escalate',
      '/v1/warnings/{id}/explanation',
      '/v1/warnings/{id}/hand-over',
      '/v1/warnings/{id}/issue',
      '/v1/warnings/{id}/link',
      '/v1/warnings/{id}/lower',
      '/v1/warnings/{id}/merge',
      '/v1/warnings/{id}/monitor',
      '/v1/warnings/{id}/plan',
      '/v1/warnings/{id}/reopen',
      '/v1/warnings/{id}/timeline',
      '/v1/warnings/{id}/update',
      '/v1/warnings/{id}/verify',
      '/v1/warnings/{id}/visit',
    ]);
  });

  it('names every answer of the main road and of a command', () => {
    expect(responses('/v1/risk-events', 'post')).toEqual([
      '202',
      '400',
      '401',
      '403',
      '413',
      '415',
      '422',
      '503',
    ]);
    expect(responses('/v1/warnings/{id}/acknowledge', 'post')).toEqual([
      ...[
        '200',
        '202',
        '204',
        '400',
        '401',
        '403',
        '404',
        '409',
        '410',
        '412',
        '413',
        '415',
        '422',
        '428',
        '503',
      ],
    ]);
  });

  it('says which bodies are not taken, wherever there is one', () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, { requestBody, responses: all }] of Object.entries(methods)) {
        const text = JSON.stringify(all['415'] ?? {});
        const told = ['CONTENT_ENCODING_UNSUPPORTED', 'CHARSET_UNSUPPORTED', '"Accept-Encoding"'].filter(
          (part) => text.includes(part),
        );
        expect([path, method, told.length]).toEqual([path, method, requestBody ? 3 : 0]);
      }
    }
  });

  it('promises no 304 for a warning, whose score moves under its version', () => {
    expect(responses('/v1/warnings/{id}', 'get')).toEqual(['200', '400', '401', '403', '404', '503']);
    const { parameters, description } = document.paths['/v1/warnings/{id}']?.['get'] ?? {};
    expect(parameters?.map(({ name }) => name)).toEqual(['id']);
    expect(description).toContain('The ETag names the version, for If-Match. The score may move under it');
  });

  it('asks for a key everywhere but at health and at itself', () => {
    const open = Object.entries(document.paths)
      .filter(([, methods]) => Object.values(methods).some(({ security }) => security.length === 0))
      .map(([path]) => path);
    expect(open.sort()).toEqual(['/livez', '/metrics', '/openapi.json', '/readyz']);
  });

  it('keeps the bounds of numbers and the order of coordinates', () => {
    expect(document.components.schemas['RiskEvent']?.properties?.['severity']).toMatchObject({
      minimum: 0.5,
      maximum: 1.5,
    });
    expect(JSON.stringify(document.components.schemas['RiskEvent']?.properties?.['place'])).toContain(
      'prefixItems',
    );
  });

  it('has no reference that leads nowhere', () => {
    const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/gu)].map(
      ([, name]) => name,
    );
    expect(names.length).toBeGreaterThan(50);
    for (const name of names) {
      expect(document.components.schemas).toHaveProperty(String(name));
    }
  });

  it('gives every code one status only', () => {
    const statusOf = new Map<string, string>();
    for (const operation of operations) {
      for (const [status, codes] of Object.entries(problemsOf(operation))) {
        for (const code of codes) {
          expect([code, statusOf.get(code) ?? status]).toEqual([code, status]);
          statusOf.set(code, status);
        }
      }
    }
  });
});
