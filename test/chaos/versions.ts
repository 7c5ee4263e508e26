import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import { buildPolicy } from '../support/policy';
import { DEMO_POLICY, root, startFunctions } from '../support/programs';
import { temporaryFolder } from '../support/temporary-folder';

/** The names of one version of the policy. */
export interface Version {
  readonly agent: string;
  readonly crmUrl: string;
  /** Whether every profile has the demo's trigger. */
  readonly hasTrigger: boolean;
}

/**
 * Two versions of the policy that are deployed in turn: a renamed profile, another URL, a webhook that only one of them has,
 * and a rule on an event that only one of them receives.
 */
export function versionsOf(crm: string): readonly [Version, Version] {
  return [
    { agent: 'agent', crmUrl: crm, hasTrigger: true },
    { agent: 'desk', crmUrl: `${crm}/desk`, hasTrigger: false },
  ];
}

function policyOf(version: Version, other: Version): object {
  const policy = JSON.parse(DEMO_POLICY);
  const { bot, crm, sos } = policy.webhooks;
  const names = (...listeners: string[]) => (version.hasTrigger ? [...listeners, 'sos'] : listeners);
  const [added, message, state] = policy.rules;
  return {
    webhooks: version.hasTrigger ? { bot, crm, sos } : { bot, crm },
    profiles: { bot: names('bot'), [version.agent]: names('crm'), closed: [] },
    formerProfiles: { [other.agent]: version.agent },
    rules: [
      added,
      { ...message, profile: version.agent },
      ...(version.hasTrigger ? [] : [{ on: 'onParticipantAdded', from: ['bot'], profile: version.agent }]),
      state,
    ],
  };
}

/** Both versions under the real twilio-run, behind one host: most requests reach the deployed one, some still the other. */
export async function startVersions(versions: readonly [Version, Version], env: Record<string, string>) {
  // A path from the root of the project: twilio-run takes no other.
  const temporary = temporaryFolder();
  const folder = relative(root, temporary.folder);
  const origins: string[] = [];
  let deployed = 0;
  let requests = 0;
  const host = createServer((incoming, outgoing) => {
    // One in eight meets the version that is on its way out, or in.
    const target = origins[++requests % 8 === 0 ? 1 - deployed : deployed];
    const { method, url, headers } = incoming;
    const forwarded = request(new URL(`${url}`, target), { method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  }).listen(0, '127.0.0.1');
  await once(host, 'listening');
  const domain = `localhost:${(host.address() as AddressInfo).port}`;
  const programs = await Promise.all(
    versions.map((version, n) => {
      const assets = join(folder, `${n}`);
      mkdirSync(assets);
      const policy = policyOf(version, versions[1 - n]!);
      writeFileSync(join(assets, 'policy.private.json'), buildPolicy(policy));
      writeFileSync(join(assets, 'index.html'), '<!doctype html>');
      return startFunctions({ ...env, CRM_URL: version.crmUrl, DOMAIN_NAME: domain }, { assets });
    }),
  );
  origins.push(...programs.map(({ origin }) => origin));
  return {
    origin: `http://${domain}`,
    programs,
    /** The version that is deployed. */
    get current(): Version {
      return versions[deployed]!;
    },
    deploy: () => {
      deployed = 1 - deployed;
    },
    /** From now on only one version is left. */
    settle: (version: Version) => {
      deployed = versions.indexOf(version);
      origins[1 - deployed] = origins[deployed]!;
    },
    async stop() {
      await Promise.all(programs.map((program) => program.stop()));
      host.closeAllConnections();
      host.close();
      await once(host, 'close');
      temporary.remove();
    },
  };
}
