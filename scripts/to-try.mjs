// The commands that `npm start` prints.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { root } from './install.mjs';
import { OUR_NUMBER } from './register.mjs';

const CONVERSATION = 'CH00000000000000000000000000000001';

/** Commands for the conversation that is there from the start. */
export function conversationToTry({ api, origin }) {
  return `
Try it on the conversation ${CONVERSATION}:

attach a webhook
  curl ${origin}/webhooks/attach -d ConversationSid=${CONVERSATION} -d Target=webhook -d Filters=onMessageAdded -d Url=${api}/_emulator/receiver/mine
write as the customer
  curl ${api}/_emulator/conversations/${CONVERSATION}/messages -d Source=SMS -d 'Body=Hello, is anybody there?'
print the signed event that the webhook received
  curl ${api}/_emulator/receiver/requests
`;
}

/** What to try of the policy in use. What its rules do is known of the default one alone. */
export function policyToTry(site) {
  const { sync, inbound, list, executions } = commandsOf(site);
  const read = (...path) => JSON.parse(readFileSync(join(root, ...path), 'utf8'));
  const policy = read('src', 'assets', 'policy.private.json');
  const steps = isDeepStrictEqual(policy, read('scripts', 'demo', 'policy.json'))
    ? [
        ['move the conversation to the profile bot', sync('bot')],
        ['ask for a human as the customer', inbound('+15005550006', 'I need a human')],
        ["list the webhooks: the CRM's has replaced the bot's", list],
        [
          'write from an unknown number: a new conversation opens and gets the bot',
          inbound('+15005550123', 'Where is my order?'),
        ],
        ['print the messages that the bot received', executions],
      ]
    : stepsOf(policy, { sync, inbound, list });
  if (steps.length === 0) return '';
  return `A managed conversation follows the rules in src/assets/policy.private.json:

${steps.map(([what, command]) => `${what}\n  ${command}\n`).join('')}`;
}

function stepsOf({ profiles, rules }, { sync, inbound, list }) {
  // A new conversation has no attributes; whether an office is open is not known here.
  const entries = rules.filter(({ on, when }) => on === 'onConversationAdded' && !when);
  const isOnHours = ({ during, outside }) => during !== undefined || outside !== undefined;
  const entry = entries.some(isOnHours) ? undefined : entries[0]?.profile;
  // With the router and the webhook attached above, it fits into the five slots.
  const profile = [entry, ...Object.keys(profiles)].find((name) =>
    [1, 2, 3].includes((profiles[name]?.webhooks ?? profiles[name])?.length),
  );
  const steps = [];
  if (profile !== undefined) {
    steps.push([`move the conversation to the profile ${profile}`, sync(profile)]);
    const i = rules.findIndex(
      ({ on, from = [profile], when, profile: to, ...hours }) =>
        on === 'onMessageAdded' &&
        from.includes(profile) &&
        to !== profile &&
        !isOnHours(hours) &&
        bodyFor(when),
    );
    if (i >= 0)
      steps.push([
        `write as the customer what ${rules[i].name ?? `rules[${i}]`} looks for`,
        inbound('+15005550006', bodyFor(rules[i].when)),
      ]);
    steps.push(['list its webhooks', list]);
  }
  if (entries.length > 0)
    steps.push([
      `write from an unknown number: a new conversation opens${entry === undefined ? '' : ` in the profile ${entry}`}`,
      inbound('+15005550123', 'Where is my order?'),
    ]);
  return steps;
}

/** A body that a rule looks for, if that can be seen at a glance. What conversations have is not known here. */
function bodyFor({ Body, ...others } = {}) {
  if (Object.keys(others).some((field) => field.startsWith('Conversation.'))) return undefined;
  const body = typeof Body === 'string' ? Body : Body?.words?.[0];
  return body?.includes('${') ? undefined : body;
}

function commandsOf({ api, origin }) {
  return {
    sync: (profile) =>
      `curl ${origin}/webhooks/sync -d ConversationSid=${CONVERSATION} -d Profile=${profile}`,
    inbound: (from, body) =>
      `curl ${api}/_emulator/inbound -d From=${from} -d To=${OUR_NUMBER} -d 'Body=${body.replaceAll("'", "'\\''")}'`,
    list: `curl ${origin}/webhooks/list -d ConversationSid=${CONVERSATION}`,
    executions: `curl ${api}/_emulator/executions`,
  };
}
