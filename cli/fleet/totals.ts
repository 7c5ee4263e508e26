import { FINDINGS, type Finding, type Inspection, isOutOfOrder } from './inspect';

const WORST = 20;

/** A conversation whose webhooks could not be read. */
export interface Failure {
  readonly conversation: string;
  readonly service: string;
  readonly error: string;
}

/** The totals of a report, and its worst conversations. */
export class Totals {
  conversations = 0;
  inOrder = 0;
  managed = 0;
  /** Conversations that are not as the policy wants them. */
  outOfOrder = 0;
  readonly findings = new Map<Finding, number>();
  readonly failures: Failure[] = [];
  readonly services = new Set<string>();
  readonly #worst: Inspection[] = [];

  add(inspection: Inspection): void {
    const { findings, profile, service } = inspection;
    this.conversations += 1;
    this.services.add(service);
    if (findings.length === 0) this.inOrder += 1;
    if (profile !== null) this.managed += 1;
    if (isOutOfOrder(inspection)) this.outOfOrder += 1;
    for (const finding of findings) this.findings.set(finding, (this.findings.get(finding) ?? 0) + 1);
    if (findings.some((finding) => finding !== 'unmanaged')) this.#keepWorst(inspection);
  }

  addFailure(failure: Failure): void {
    this.conversations += 1;
    this.failures.push(failure);
  }

  /** The worst first. */
  get worst(): readonly Inspection[] {
    return this.#worst;
  }

  /** Conversations with a finding, other than that they are not managed. */
  notable = 0;

  #keepWorst(inspection: Inspection): void {
    this.notable += 1;
    const position = this.#worst.findIndex((other) => isWorse(inspection, other));
    this.#worst.splice(position < 0 ? this.#worst.length : position, 0, inspection);
    this.#worst.splice(WORST);
  }
}

const ORDER = Object.keys(FINDINGS) as Finding[];

/** Out of order before in order, then by the most urgent finding, then by the length of the plan. */
function isWorse(a: Inspection, b: Inspection): boolean {
  const [[first], [second]] = [a.findings, b.findings];
  return (
    (Number(isOutOfOrder(b)) - Number(isOutOfOrder(a)) ||
      ORDER.indexOf(first!) - ORDER.indexOf(second!) ||
      b.plan.length - a.plan.length) < 0
  );
}
