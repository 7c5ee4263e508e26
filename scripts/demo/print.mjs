// The demo as text: 80 columns, and no colours, so that it can be piped.

export const heading = `\
A conversation on the emulator, under the policy as it is shipped: a bot answers
first; who asks for a human gets the CRM; after closing nobody listens. The
conversation has five slots for webhooks, and these take turns in them:

  router  tells the functions what happens    bot  a Studio flow
  sos     a trigger on the word "urgent"      crm  a webhook of your own
  *       by replay: the webhook was attached after the message was written

${row('TIME', 'WHO', 'WHAT', 'RECEIVED BY', 'SLOTS AFTERWARDS')}`;

/** A scene: its lines, and what stands in the slots after the last of them. */
export function paragraph(seconds, { note, lines, stood }) {
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  const rows = lines.map(({ who, what, by }, number) =>
    row(number === 0 ? time : '', who, what, by.join(' '), number === lines.length - 1 ? slots(stood) : ''),
  );
  return [...(note ? [`      (${note})`] : []), ...rows].join('\n');
}

/** The promises, each with whether it held and what was seen. */
export function verdict(promises) {
  return promises
    .map(({ held, promise, seen }) => `${held ? 'ok ' : 'NOT'}  ${promise.padEnd(52)} ${seen}`)
    .join('\n');
}

function slots(stood) {
  return Array.from({ length: Math.max(5, stood.length) }, (_, place) =>
    (stood[place] ?? '·').padEnd(3),
  ).join(' ');
}

function row(time, who, what, by, slots) {
  return `${time.padEnd(5)} ${who.padEnd(9)} ${what.padEnd(29)} ${by.padEnd(13)} ${slots}`.trimEnd();
}
