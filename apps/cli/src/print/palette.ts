import { findCategory, type Colour } from '@linli/contracts';

const codes = { red: '31;1', orange: '38;5;208', yellow: '33', dim: '2', bold: '1', green: '32' } as const;
export type Tone = keyof typeof codes;

/** Paints a text, or leaves it plain where colour is unwanted. */
export type Paint = (tone: Tone, text: string) => string;

export const paintFor = (colour: boolean): Paint =>
  colour ? (tone, text) => `\u001B[${codes[tone]}m${text}\u001B[0m` : (_, text) => text;

export const colourNames: Readonly<Record<Colour, string>> = { red: '红', orange: '橙', yellow: '黄' };

/** `property service 物业服务与收费纠纷`: English from the slug, Chinese from the catalogue. */
export const categoryName = (code: string): string => {
  const category = findCategory(code);
  if (!category) return code;
  return `${category.slug.replace(/^[a-z]+\./u, '').replaceAll('_', ' ')} ${category.name}`;
};

/** `3,548` in every locale. */
export const grouped = (count: number): string => count.toLocaleString('en-US');
