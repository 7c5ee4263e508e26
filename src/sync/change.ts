import type { Step } from './plan';

/** A step as the response shows it; its `sid` is that of a webhook, or of the execution that was ended. */
export interface Change {
  readonly step: 'create' | 'update' | 'delete' | 'endExecution';
  readonly webhook: string;
  readonly sid?: string;
  readonly why: string;
}

export function toChange(step: Step): Change {
  const sid = 'sid' in step ? step.sid : undefined;
  const kind = step.step === 'write' ? (sid === undefined ? 'create' : 'update') : step.step;
  return { step: kind, webhook: step.webhook, ...(sid !== undefined && { sid }), why: step.why };
}
