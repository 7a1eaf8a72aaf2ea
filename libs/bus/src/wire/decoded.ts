/**
 * What a message turned out to be. `bad` is set aside; `halt` is one that a newer release wrote: nobody here may touch
 * it, and nothing may overtake it; `nothing` needs no work.
 */
export type Decoded<T> =
  { readonly value: T } | { readonly bad: string } | { readonly halt: string } | { readonly nothing: true };
