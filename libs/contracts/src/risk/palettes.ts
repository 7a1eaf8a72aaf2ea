import { z } from 'zod';
import type { Colour } from './warning.js';

/** How a tenant names the three levels, high to low (domain notes 3.1). Levels and codes stay what they are. */
export const palettes = {
  'red-orange-yellow': { red: '红', orange: '橙', yellow: '黄' },
  'red-yellow-blue': { red: '红', orange: '黄', yellow: '蓝' },
  'red-yellow-green': { red: '红', orange: '黄', yellow: '绿' },
} as const satisfies Record<string, Readonly<Record<Colour, string>>>;

export const PaletteName = z
  .enum(Object.keys(palettes) as [keyof typeof palettes])
  .describe('Preset of colour names: of high, medium, low. Default: red-orange-yellow.');
export type PaletteName = z.infer<typeof PaletteName>;

/** The name of a colour in a tenant's palette; the default palette for one that chose none. */
export const colourIn = (palette: string | null, colour: Colour): string =>
  palettes[PaletteName.catch('red-orange-yellow').parse(palette)][colour];

export const Palette = z.object({
  palette: PaletteName,
  colours: z.object({ red: z.string(), orange: z.string(), yellow: z.string() }),
});
export type Palette = z.infer<typeof Palette>;
