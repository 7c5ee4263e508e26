import { type EmulatorContext, newRecord } from '../context';
import type { Alert, Delivery } from '../state/history';

/** Records an alert if the delivery to a webhook failed. One that was blocked never left. */
export function recordAlert(
  context: EmulatorContext,
  alerts: EmulatorContext['alerts'],
  delivery: Delivery,
): void {
  const code = codeOf(delivery);
  if (code !== undefined && delivery.level !== 'event_streams') {
    alerts.add({ ...newRecord(context, 'NO'), code, delivery });
  }
}

// https://www.twilio.com/docs/api/errors
function codeOf({ outcome, status }: Delivery): Alert['code'] | undefined {
  if (outcome === 'timeout') return 50076;
  if (outcome === 'refused') return 11205;
  return outcome === 'answered' && (status ?? 0) >= 400 ? 11217 : undefined;
}
