import type { Definition } from '../../../src/webhooks/definition';
import { isSameWebhook } from '../../../src/webhooks/webhook';
import type { Call, Way } from './call';
import { isRouter } from './oracle';
import type { Answer, World } from './world';

const NOTES: Readonly<Record<Way, string>> = {
  answered: '',
  lost: ' (done, but answered with an error)',
  dropped: ' (not done, and answered with an error)',
  conflict: ' (a conflict: not done)',
  refused: ' (refused)',
  late: ' (too late: not sent)',
  lagging: ' (without the newest write)',
  first: ' (its SID sorts first)',
};

/** A call and how it went, for somebody who reads a schedule. */
export function stepInShort(call: Call, answer: Answer, way: Way, before: World, after: World): string {
  const result = 'error' in answer && NOTES[way] === '' ? ` → ${answer.error.code}` : '';
  return `${callInShort(call, before, after)}${NOTES[way]}${result}`;
}

function callInShort(call: Call, before: World, after: World): string {
  switch (call.method) {
    case 'list':
      return 'lists';
    case 'fetchFields':
      return 'fetches the conversation';
    case 'newestIndex':
      return 'asks for the newest message';
    case 'create': {
      const [definition, replayAfter] = call.args;
      const made = after.webhooks.find((webhook) => !before.webhooks.includes(webhook));
      const replay = replayAfter === undefined ? '' : `, replay from ${replayAfter}`;
      return `creates ${'url' in definition ? definition.url : definition.flowSid}${replay}${made ? ` as ${short(made.sid)}` : ''}`;
    }
    case 'update':
      return `updates ${short(call.args[0])}${call.args[1].url ? ` to ${call.args[1].url}` : ''}`;
    case 'remove': {
      const webhook = before.webhooks.find(({ sid }) => sid === call.args[0]);
      return `deletes ${short(call.args[0])}${webhook ? ` (${before.nameOf(webhook) ?? 'foreign'})` : ' (gone)'}`;
    }
    case 'fetch':
      return `fetches ${short(call.args[0])}`;
  }
}

/** Whether the same was created in this second already. */
export function sameCreation(definition: Definition, world: World): boolean {
  const second = Math.floor(world.now / 1000) * 1000;
  const routers = 'url' in definition && definition.url.includes('/events/conversation?');
  return world.webhooks.some(
    (webhook) =>
      Date.parse(webhook.date_created) === second &&
      (isSameWebhook(webhook, definition) || (routers && isRouter(webhook))),
  );
}

/** Whether a call writes the state. */
export function writesRouter(call: Call): boolean {
  const [settings] = call.method === 'create' ? call.args : call.method === 'update' ? [call.args[1]] : [];
  return settings !== undefined && 'url' in settings && `${settings.url}`.includes('/events/conversation?');
}

/** Whether a write may not be sent any more. `now`: in milliseconds since its run began. */
export function isLate(call: Call, now: number): boolean {
  const sendBefore =
    call.method === 'create' || call.method === 'update'
      ? call.args[2]
      : call.method === 'remove'
        ? call.args[1]
        : undefined;
  return sendBefore !== undefined && now >= sendBefore;
}

function short(sid: string): string {
  return `WH…${sid.slice(-4)}`;
}
