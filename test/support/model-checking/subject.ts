import type { Trigger } from './oracle';
import type { Work } from './replayable-run';

/** What a run is about, and its code under each version. */
export interface Subject {
  readonly label: string;
  readonly facts: Omit<Trigger, 'version'>;
  readonly work: (version: number) => Work;
}
