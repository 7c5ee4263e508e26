import type { Site } from '../../src/lib/url';
import { policyError } from '../../src/policy/issues';
import { type Policy, parsePolicy } from '../../src/policy/policy';
import { parseJson } from '../../src/policy/schema/json-error';
import { validatePolicy } from '../../src/policy/schema/schema';
import { variables } from '../../src/policy/variables';

/** A policy as somebody writes it: a file's text, or what is in it. */
type Source = string | object;

/** What the build writes of a policy for the functions. @throws ApiError 20001 with its issues */
export function buildPolicy(source: Source): string {
  return JSON.stringify(compile(source));
}

/** A policy as a deployment of it has it. @throws ApiError 20001 with the issues of the build, or those of the functions */
export function parseSource(source: Source, env: Readonly<Record<string, unknown>>, site: Site): Policy {
  return parsePolicy(buildPolicy(source), env, site);
}

/** The names of a policy's variables. */
export function variablesOf(source: Source): string[] {
  return variables(compile(source));
}

function compile(source: Source) {
  const { compiled, issues } = validatePolicy(typeof source === 'string' ? parseJson(source) : source);
  if (issues.length > 0) throw policyError(issues);
  return compiled;
}
