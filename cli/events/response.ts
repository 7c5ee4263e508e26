import type { Delivery } from '../../emulator/state/history';

interface Response {
  readonly result?: unknown;
  readonly profile?: unknown;
  readonly previous_profile?: unknown;
  readonly rule?: unknown;
  readonly why?: unknown;
  readonly nearest?: { readonly rule?: unknown; readonly needs?: readonly unknown[] };
  readonly warnings?: readonly unknown[];
  readonly code?: unknown;
  readonly message?: unknown;
}

/** What the functions decided, from their response to an event: docs/functions.md. Empty if the response is not theirs. */
export function describeResponse({ response }: Delivery): string {
  const { result, code, message, ...rest } = parse(response?.body);
  if (typeof code === 'number' && typeof message === 'string') return `error ${code}: ${message}`;
  if (typeof result !== 'string') return '';
  const { profile, previous_profile, rule, why, nearest, warnings = [] } = rest;
  const move = [
    previous_profile !== profile && `${previous_profile ?? 'no profile'} → ${profile}`,
    previous_profile === profile && typeof profile === 'string' && `in ${profile}`,
    rule !== undefined && `by ${typeof rule === 'number' ? `rule ${rule}` : rule}`,
  ];
  const details = [
    move.filter(Boolean).join(' '),
    why,
    nearest && `nearest: ${nearest.rule}, which needs ${[nearest.needs].flat().join(', ')}`,
    ...warnings,
  ];
  return [result, ...details.filter(Boolean)].join('; ').replace('; ', ': ');
}

/** Of what is not a JSON object, also where it was cut short, nothing is known. */
function parse(text = ''): Response {
  try {
    return Object(JSON.parse(text)) as Response;
  } catch {
    return {};
  }
}
