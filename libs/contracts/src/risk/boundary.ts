import { z } from 'zod';

const position = z
  .tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
  .describe('Longitude and latitude, degrees, WGS 84.');

const ring = z
  .array(position)
  .min(4)
  .refine((points) => JSON.stringify(points[0]) === JSON.stringify(points.at(-1)), 'must end where it began')
  .describe('A linear ring (RFC 7946, 3.1.6).');

/** The outline of an area (RFC 7946). */
export const Boundary = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('Polygon'), coordinates: z.array(ring).min(1) }).strict(),
    z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(ring).min(1)).min(1) }).strict(),
  ])
  .describe('Outline of the area: a GeoJSON Polygon or MultiPolygon.');
export type Boundary = z.infer<typeof Boundary>;
