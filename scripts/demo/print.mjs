// The demo as text: 80 columns, and no colours, so that it can be piped.

export const heading = `\
A conversation on the emulator with the default policy: a bot answers first, the
CRM takes over when the customer asks for a human, and closing the conversation
leaves only the router. It has five slots for webhooks; these webhooks use them:

  router  sends events to the functions       bot  a Studio flow
  sos     a trigger on the word "urgent"      crm  a webhook of your own
  *       by replay: the webhook was attached after the message was sent

${row('TIME', 'WHO', 'WHAT', 'RECEIVED BY', 'SLOTS AFTER')}`;

/** A scene: its lines, and what is in the slots after the last of them. */
export function paragraph(seconds, { note, lines, attached }) {
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  const rows = lines.map(({ who, what, by }, number) =>
    row(
      number === 0 ? time : '',
      who,
      what,
      by.join(' '),
      number === lines.length - 1 ? slots(attached) : '',
    ),
  );
  return [...(note ? [`      (${note})`] : []), ...rows].join('\n');
}

/** The promises, each with its result and what was observed. */
export function verdict(promises) {
  return promises
    .map(({ held, promise, seen }) => `${held ? 'ok ' : 'NOT'}  ${promise.padEnd(52)} ${seen}`)
    .join('\n');
}

function slots(attached) {
  return Array.from({ length: Math.max(5, attached.length) }, (_, place) =>
    (attached[place] ?? '·').padEnd(3),
  ).join(' ');
}

function row(time, who, what, by, slots) {
  return `${time.padEnd(5)} ${who.padEnd(9)} ${what.padEnd(29)} ${by.padEnd(13)} ${slots}`.trimEnd();
}
