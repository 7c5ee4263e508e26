import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { root } from './programs';

interface Media {
  readonly [type: string]: {
    readonly schema: { readonly properties?: object; readonly required?: string[] };
  };
}
interface Operation {
  readonly requestBody?: { readonly content: Media };
  readonly responses: { readonly [status: string]: { readonly content?: Media; readonly $ref?: string } };
}

/** docs/openapi.yaml: what we say of our own functions. */
export const contract: {
  readonly paths: { readonly [path: string]: { readonly post?: Operation; readonly get?: Operation } };
  readonly components: { readonly schemas: object };
} = parse(readFileSync(join(root, 'docs', 'openapi.yaml'), 'utf8'));

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(contract, 'contract');
const validators = new Map<string, ValidateFunction>();

/** The parameters of one of our functions, and whether it needs them. */
export function parametersOf(path: string): { name: string; required: boolean }[] {
  const { content } = contract.paths[path]?.post?.requestBody ?? {};
  const { properties = {}, required = [] } = content?.['application/x-www-form-urlencoded']?.schema ?? {};
  return Object.keys(properties).map((name) => ({ name, required: required.includes(name) }));
}

/** Throws where the answer of one of our functions is not what docs/openapi.yaml says. */
export function checkAnswer(url: string, status: number, body: unknown): void {
  const { pathname } = new URL(url);
  const { post, get } = contract.paths[pathname] ?? {};
  const responses = (post ?? get)?.responses;
  if (!responses) return;
  const key = responses[status] ? `${status}` : 'default';
  const response = responses[key]!;
  const at =
    response.$ref ?? `#/paths/${pathname.replaceAll('/', '~1')}/${post ? 'post' : 'get'}/responses/${key}`;
  const validate =
    validators.get(at) ?? ajv.compile({ $ref: `contract${at}/content/application~1json/schema` });
  validators.set(at, validate);
  if (validate(body)) return;
  throw new Error(
    `docs/openapi.yaml has another answer of ${pathname} with ${status}: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(body)}`,
  );
}
