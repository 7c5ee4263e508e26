import { decisionOf } from '../decision';
import type { Delivery } from '../types';

/** What the functions decided on an event. */
export function DecisionCard({ delivery }: { delivery: Delivery }) {
  const decision = decisionOf(delivery);
  if (decision === null) return null;
  const { title, move, details, warnings } = decision;
  return (
    <div class={`decision ${move === null ? '' : 'decided'}`}>
      <p>
        <b>{title}</b>
        {move !== null && `: ${move.from ?? 'unmanaged'} → ${move.to ?? 'unmanaged'}`}
      </p>
      {details.map((detail) => (
        <p class="soft" key={detail}>
          {detail}
        </p>
      ))}
      {warnings.map((warning) => (
        <p class="why" key={warning}>
          {warning}
        </p>
      ))}
    </div>
  );
}
