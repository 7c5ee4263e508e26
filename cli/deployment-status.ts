import { version } from '../package.json';
import { fieldsOf } from '../src/twilio/api';

const TIMEOUT_MS = 15_000;

/** What `/status` of a deployment responds. */
export interface DeploymentStatus {
  readonly status: string;
  readonly version: string;
  readonly policyHash: unknown;
  /** The names of variables that are missing or malformed. */
  readonly missing: readonly string[];
  /** `ok` or what is wrong with it; undefined if it is ready. */
  readonly policy: string | undefined;
}

export type StatusReading =
  | ({ readonly kind: 'status' } & DeploymentStatus)
  /** Something else responds. */
  | { readonly kind: 'foreign'; readonly status: number }
  | { readonly kind: 'unreachable'; readonly reason: string };

export async function fetchStatus(origin: string): Promise<StatusReading> {
  try {
    const response = await fetch(`${origin}/status`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return parse(response.status, await response.text());
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    return { kind: 'unreachable', reason: name === 'TimeoutError' ? 'no response' : (cause?.code ?? name) };
  }
}

function parse(status: number, text: string): StatusReading {
  const fields = fieldsOf(parseJson(text));
  if (status !== 200 || typeof fields.status !== 'string' || typeof fields.version !== 'string')
    return { kind: 'foreign', status };
  const { missing, policy } = fields;
  return {
    kind: 'status',
    status: fields.status,
    version: fields.version,
    policyHash: fields.policy_hash,
    missing: Array.isArray(missing) ? missing.map(String) : [],
    policy: typeof policy === 'string' ? policy : undefined,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What it has that this checkout does not; undefined if version and policy are the same. */
export function differenceFrom(deployed: DeploymentStatus, policyHash: string): string | undefined {
  if (deployed.version !== version) return `has version ${deployed.version}, and this checkout ${version}`;
  if (deployed.policyHash !== policyHash)
    return `has policy ${deployed.policyHash}, and this checkout, with these variables, ${policyHash}`;
  return undefined;
}
