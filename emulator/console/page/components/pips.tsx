const SLOTS = 5;

/** How many of the five slots are used. */
export function Pips({ used }: { used: number }) {
  return (
    <span class="pips" role="img" aria-label={`${used} of ${SLOTS} slots used`}>
      {Array.from({ length: SLOTS }, (_, i) => (
        <i key={i} class={i < used ? 'full' : ''} />
      ))}
    </span>
  );
}
