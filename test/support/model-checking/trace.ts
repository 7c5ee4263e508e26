import type { Definition } from '../../../src/webhooks/definition';
import { isSameWebhook, type Webhook } from '../../../src/webhooks/webhook';
import type { Answer, Call, Way, World } from './world';

const NOTES: Readonly<Record<Way, string>> = {
  answered: '',
  lost: ' (done, but answered with an error)',
  refused: ' (not done, and answered with an error)',
  lagging: ' (without the newest write)',
  first: ' (its SID sorts first)',
};

/** A call and how it went, for somebody who reads a schedule. */
export function stepInShort(call: Call, answer: Answer, way: Way, before: World, after: World): string {
  const result = 'error' in answer && way !== 'lost' && way !== 'refused' ? ` → ${answer.error.code}` : '';
  return `${callInShort(call, before, after)}${NOTES[way]}${result}`;
}

function callInShort(call: Call, before: World, after: World): string {
  switch (call.method) {
    case 'list':
      return 'lists';
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
  const routers =
    world.routers().length > 0 && 'url' in definition && definition.url.includes('/events/conversation?');
  return world.webhooks.some(
    (webhook) =>
      Date.parse(webhook.date_created) === second &&
      (isSameWebhook(webhook, definition) || (routers && isRouterOf(webhook, world))),
  );
}

function isRouterOf(webhook: Webhook, world: World): boolean {
  return world.nameOf(webhook) === 'router';
}

function short(sid: string): string {
  return `WH…${sid.slice(-4)}`;
}
