/** 97.5th percentile of the normal distribution: two-sided 95 %. */
const Z = 1.959964;

/**
 * Wilson score interval of a proportion, 0 to 1 (E. B. Wilson, “Probable inference, the law of succession, and
 * statistical inference”, JASA 22, 1927): the proportions that an observed `right` of `of` is not improbable under. Unlike
 * p ± z·σ it stays between 0 and 1 and is right for few cases. Needs at least one case.
 */
export const wilson = (right: number, of: number): readonly [low: number, high: number] => {
  const p = right / of;
  const centre = p + Z ** 2 / (2 * of);
  const spread = Z * Math.sqrt((p * (1 - p)) / of + Z ** 2 / (4 * of ** 2));
  const scale = 1 + Z ** 2 / of;
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)];
};
