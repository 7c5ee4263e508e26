import { siteOf } from '../src/handler/site';
import { type Environment, trimVariables } from '../src/lib/environment';
import { areOrigins } from '../src/lib/origins';
import { isAllowlist } from '../src/lib/url-allowlist';
import { readPolicy } from '../src/policy/policy';
import { unusableVariables } from '../src/twilio/credentials';

/** What keeps the functions and the policy from working with these variables, one sentence each. /status has the names alone. */
export function variableIssues(policyText: string, untrimmed: Environment): string[] {
  const variables = trimVariables(untrimmed);
  const site = siteOf(variables);
  const policy = readPolicy(policyText, variables, site);
  const unusable = unusableVariables(variables);
  const hosts = isAllowlist(site.allowlist) ? [] : ['WEBHOOK_URL_ALLOWLIST'];
  const origins = areOrigins(variables.FLEX_ORIGINS) ? [] : ['FLEX_ORIGINS'];
  return [
    ...unusable.filter((name) => !variables[name]).map((name) => `${name} is not set; the functions need it`),
    ...policy.missing.map((name) => `${name} is not set; the policy needs it`),
    ...[...unusable.filter((name) => variables[name]), ...hosts, ...origins].map(
      (name) => `${name} is malformed; .env.example says what it is`,
    ),
    ...policy.issues.map((issue) => `policy.private.json: ${issue}`),
  ];
}
