/**
 * Compares what was observed with what this project promises.
 * @returns {{promise: string, held: boolean, seen: string}[]}
 */
export function checkPromises({ scenes, received, webhooks, signatures }) {
  const handOff = scenes.findIndex(({ lines }) => lines.some(({ asks }) => asks));
  const messages = messagesOf(scenes);
  const later = messagesOf(scenes.slice(handOff + 1));
  const asking = messages.find(({ asks }) => asks);
  const times = (name, { index }) => received.filter((one) => one.by === name && one.index === index).length;
  const heard = messages.filter((message) => times('bot', message) + times('crm', message) > 0);
  const misled = later.filter((message) => times('bot', message) > 0);
  const most = Math.max(webhooks.most, ...scenes.map(({ attached }) => attached.length));
  const right = scenes.filter(({ attached, slots }) => same(attached, slots));
  const listeners = scenes.at(-1).attached.filter((name) => name !== 'router');
  return [
    {
      promise: "the bot received the customer's first message",
      held: times('bot', messages[0]) > 0,
      seen: count(times('bot', messages[0])),
    },
    {
      promise: 'the CRM received the message that asks for a human',
      held: times('crm', asking) > 0,
      seen: count(times('crm', asking)),
    },
    {
      promise: 'every message reached the bot or the CRM',
      held: heard.length === messages.length,
      seen: `${heard.length} of ${messages.length}`,
    },
    {
      promise: 'there were never more than five webhooks',
      held: most <= 5 && webhooks.refused === 0,
      seen: `at most ${most}`,
    },
    {
      promise: 'the bot received nothing after the hand-off',
      held: misled.length === 0,
      seen: `${misled.length} of ${later.length} messages`,
    },
    {
      promise: 'each webhook was attached exactly once',
      held: right.length === scenes.length,
      seen: `${right.length} of ${scenes.length} scenes`,
    },
    {
      promise: 'closing left only the router',
      held: listeners.length === 0,
      seen: listeners.join(' ') || 'router only',
    },
    {
      promise: 'every delivery to the CRM had a valid signature',
      held: signatures.all > 0 && signatures.valid === signatures.all,
      seen: `${signatures.valid} of ${signatures.all}`,
    },
  ];
}

const messagesOf = (scenes) =>
  scenes.flatMap(({ lines }) => lines).filter(({ index }) => index !== undefined);

const count = (times) => (times === 1 ? 'once' : `${times} times`);

const same = (attached, slots) => [...attached].sort().join() === [...slots].sort().join();
