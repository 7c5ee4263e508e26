import type { Section } from './table';

/** How much is measured. */
export interface Effort {
  /** Few rounds: to see that it works. */
  readonly quick: boolean;
}

/** A part of the benchmark, which starts what it needs and ends it. */
export type Part = (effort: Effort) => Promise<Section[]>;
