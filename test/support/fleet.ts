import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readDeployedPolicy } from '../../cli/deployed-policy';
import { fleet } from '../../cli/fleet/fleet';
import { workThrough } from '../../cli/fleet/queue';
import type { Terminal } from '../../cli/terminal';
import { version } from '../../package.json';
import { desiredState } from '../../src/sync/desired-state';
import { requestedProfile } from '../../src/sync/requested-profile';
import { sync } from '../../src/sync/sync';
import { createConversation } from '../../src/twilio/client';
import type { Subject } from './emulator';
import { policyFolder } from './policy-folder';
import { DEMO_POLICY, emulatorEnvironment } from './programs';

export const DEPLOYMENT = 'https://bots-1234.twil.io';

/** A deployment of which there is only `/status`. */
export function useStatus() {
  const deployment = { origin: '', status: {} as object };
  const server = createServer((_, response) => response.end(JSON.stringify(deployment.status)));
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    deployment.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());
  return deployment;
}

// biome-ignore lint/suspicious/noExplicitAny: a test changes what it likes
export type AnyPolicy = any;

/** An account whose conversations a policy manages, without functions: `npm run fleet` in this process. */
export function useFleet(emulator: () => Subject, deployment: () => string = () => DEPLOYMENT) {
  const project = policyFolder();
  afterAll(() => project.remove());
  beforeEach(() => project.write(DEMO_POLICY));
  const environment = (): Record<string, string> => ({
    ...emulatorEnvironment(),
    TWILIO_API_BASE_URL: emulator().origin,
    CONVERSATION_WEBHOOKS_URL: deployment(),
  });

  /** Runs a command. */
  async function run(args: readonly string[], env = environment(), more: Partial<Terminal> = {}) {
    const text = { stdout: '', stderr: '' };
    const code = await fleet([...args], env, {
      folder: project.folder,
      columns: 200,
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

  function desiredNow(env = environment()) {
    const { host } = new URL(env.CONVERSATION_WEBHOOKS_URL!);
    const { policy, site } = readDeployedPolicy(project.folder, env, host);
    return desiredState(policy, site, undefined);
  }

  async function enter(ConversationSid: string, profile: string, env = environment()) {
    const desired = desiredNow(env);
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
    /** What `/status` says of the policy and the version that are here now. */
    status: (env = environment()) => ({ status: 'ready', version, policy_hash: desiredNow(env).policyHash }),
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
