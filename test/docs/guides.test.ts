import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTerminals, type Terminals } from '../support/guide-run';
import { readGuides, written } from '../support/guides';
import { root } from '../support/programs';

// Each guide as a reader does it: its files, its commands, and what they print.

const guides = readGuides();
const API =
  'curl -u AC00000000000000000000000000000001:OnlyForTheEmulatorNotARealSecret http://127.0.0.1:4010/v1';
const enter = (profile: string) =>
  `curl http://localhost:3000/webhooks/sync -d ConversationSid=demo -d Profile=${profile}`;

/** What a reader has before a guide begins. */
const BEFORE: Readonly<Record<string, () => Promise<unknown>>> = {
  'change-the-policy.md': () => terminals.type(enter('agent')),
  async 'move-a-domain.md'() {
    await terminals.type(enter('agent'));
    await terminals.startOther();
  },
  async 'from-the-official-template.md'() {
    const bot = guides.find(({ name }) => name === 'attach-a-studio-bot.md')!;
    const policy = 'src/assets/policy.private.json';
    await terminals.write(policy, written(bot, policy));
    const url = 'https://template-1234-dev.twil.io/generate-scoped-webhook';
    await terminals.type(`${API}/Configuration/Webhooks -d PostWebhookUrl=${url}`);
    const webhook = '-d Target=studio -d Configuration.FlowSid=FW00000000000000000000000000000001';
    await terminals.type(`${API}/Conversations/demo/Webhooks ${webhook} -d Configuration.ReplayAfter=0`);
  },
};

let terminals: Terminals;
beforeAll(async () => {
  terminals = await openTerminals();
});
beforeEach(() => terminals.reset());
afterAll(() => terminals?.close());

test('docs/guides/README.md lists each guide by its title', () => {
  const page = readFileSync(join(root, 'docs', 'guides', 'README.md'), 'utf8');
  const listed = [...page.matchAll(/^\| \[(.*?)\]\((.*?)\) \|/gm)].map(([, title, name]) => [name, title]);
  expect(listed.sort()).toEqual(guides.map(({ name, title }) => [name, title]));
});

test.each(guides)(
  '$name works as it is written',
  async (guide) => {
    await BEFORE[guide.name]?.();
    await terminals.run(guide);
  },
  300_000,
);
