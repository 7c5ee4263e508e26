import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fleet } from '../../cli/fleet/fleet';
import { readDeployedPolicy } from '../../cli/fleet/policy';
import { workThrough } from '../../cli/fleet/queue';
import type { Terminal } from '../../cli/terminal';
import { desiredState } from '../../src/sync/desired-state';
import { requestedProfile } from '../../src/sync/requested-profile';
import { sync } from '../../src/sync/sync';
import { createConversation } from '../../src/twilio/client';
import type { Subject } from './emulator';
import { policyFolder } from './policy-folder';
import { DEMO_POLICY, emulatorEnvironment } from './programs';

export const DEPLOYMENT = 'https://bots-1234.twil.io';

// biome-ignore lint/suspicious/noExplicitAny: a test changes what it likes
export type AnyPolicy = any;

/** An account whose conversations a policy manages, without functions: `npm run fleet` in this process. */
export function useFleet(emulator: () => Subject) {
  const project = policyFolder();
  afterAll(() => project.remove());
  beforeEach(() => project.write(DEMO_POLICY));
  const environment = (): Record<string, string> => ({
    ...emulatorEnvironment(),
    TWILIO_API_BASE_URL: emulator().origin,
    CONVERSATION_WEBHOOKS_URL: DEPLOYMENT,
  });

  /** Runs a command. */
  async function run(args: readonly string[], env = environment(), more: Partial<Terminal> = {}) {
    const text = { stdout: '', stderr: '' };
    const code = await fleet([...args], env, {
      folder: project.folder,
      out(line) {
        text.stdout += `${line}\n`;
      },
      err(line) {
        text.stderr += `${line}\n`;
      },
      ...more,
    });
    return { code, ...text };
  }

  /** Creates conversations that the current policy manages, in a profile, or that nobody does. */
  async function add(count: number, profile?: string, env = environment()): Promise<string[]> {
    const { conversations } = (await emulator().control('POST', '/seed', { conversations: count })).body;
    const work = (sid: string) => (profile === undefined ? Promise.resolve() : enter(sid, profile, env));
    await workThrough<string>(conversations, () => 4, work);
    return conversations;
  }

  async function enter(ConversationSid: string, profile: string, env = environment()) {
    const { host } = new URL(env.CONVERSATION_WEBHOOKS_URL!);
    const { policy, site } = readDeployedPolicy(project.folder, env, host);
    const desired = desiredState(policy, site, undefined);
    const deadline = performance.now() + 8_750;
    // Nobody else is at work here, so nothing is waited for.
    let skipped = 0;
    const timing = {
      now: () => performance.now() + skipped,
      sleep: async (ms: number) => {
        skipped += ms;
      },
      deadline,
    };
    await sync(createConversation({ ConversationSid }, { env, deadline, calls: 0, retries: 0 }), {
      desired,
      trigger: requestedProfile(profile, undefined, desired),
      timing,
    });
  }

  /** Another version of the policy. */
  function changePolicy(change: (policy: AnyPolicy) => void): void {
    const policy = JSON.parse(DEMO_POLICY);
    change(policy);
    project.write(JSON.stringify(policy));
  }

  /** The requests while something is done. */
  async function requestsOf<T>(work: () => Promise<T>) {
    await emulator().control('DELETE', '/requests');
    const result = await work();
    const { total, requests } = (await emulator().control('GET', '/requests')).body;
    return { result, total: total as number, requests: requests as { method: string; path: string }[] };
  }

  return {
    folder: project.folder,
    environment,
    run,
    add,
    enter,
    changePolicy,
    requestsOf,
    lines: (file: string): AnyPolicy[] =>
      readFileSync(join(project.folder, file), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
  };
}
