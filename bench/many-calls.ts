import { writeSync } from 'node:fs';
import { interleave } from './measure';
import { call, contextOf, type Handler, installGlobals } from './runtime';

// A process that lives on between calls, as that of a busy Function does: node many-calls.js PLAN, which is JSON.

/** The functions by their files, and what they are called with. */
export interface Plan {
  readonly rounds: number;
  readonly assets: string;
  readonly files: Readonly<Record<'attach' | 'fetch' | 'list' | 'snippet', string>>;
  /** Where each side finds the API, so that their connections can be told apart. */
  readonly api: Readonly<Record<'ours' | 'snippet', string>>;
  readonly webhook: Readonly<Record<string, string>>;
  /** A conversation that carries it, and by which SID. */
  readonly attached: Readonly<Record<'ConversationSid' | 'Sid', string>>;
  /** Conversations that carry nothing: two for each round, and two more. */
  readonly fresh: readonly string[];
}

/** Milliseconds of each call, by what was called. */
export type ManyCalls = Record<
  'fetch' | 'snippetFetch' | 'list' | 'snippetList' | 'unchanged' | 'attach' | 'snippetCreate',
  number[]
>;

async function main() {
  const { rounds, assets, files, api, webhook, attached, fresh }: Plan = JSON.parse(process.argv[2] ?? '');
  installGlobals(assets);
  const [ours, snippets] = [api.ours, api.snippet].map((TWILIO_API_BASE_URL) =>
    contextOf({ ...process.env, TWILIO_API_BASE_URL }),
  );
  const unused = [...fresh];
  const timed =
    (handler: Handler, context = ours, event = (): Record<string, string> => attached) =>
    async () => {
      const given = event();
      const began = performance.now();
      await call(handler, context!, given);
      return performance.now() - began;
    };
  const { ConversationSid } = attached;
  const there = () => ({ ConversationSid });
  const again = () => ({ ConversationSid, ...webhook });
  const anew = () => ({ ConversationSid: unused.pop() ?? '', ...webhook });
  const attach: Handler = require(files.attach).handler;
  const snippet: typeof import('./snippet') = require(files.snippet);
  const measured: ManyCalls = await interleave(rounds, {
    fetch: timed(require(files.fetch).handler),
    snippetFetch: timed(snippet.fetchOne, snippets),
    list: timed(require(files.list).handler, ours, there),
    snippetList: timed(snippet.listAll, snippets, there),
    unchanged: timed(attach, ours, again),
    attach: timed(attach, ours, anew),
    snippetCreate: timed(snippet.handler, snippets, anew),
  });
  writeSync(1, `\n${JSON.stringify(measured)}\n`);
  process.exit(0);
}

main().catch(({ message }: Error) => {
  console.error(message);
  process.exit(1);
});
