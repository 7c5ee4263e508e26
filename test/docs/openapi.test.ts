import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { post } from '../support/call';
import { contract, parametersOf } from '../support/contract';
import { DEMO_BUNDLE, root } from '../support/programs';
import { useStack } from '../support/stack';

// What docs/openapi.yaml says of requests; that answers are as it says, each call of every other test sees (support/call.ts).

const paths = Object.keys(contract.paths);

test('is valid OpenAPI', () => {
  // The validator is an ES module, which jest cannot load.
  const validator = join(root, 'node_modules/@seriousme/openapi-schema-validator/bin/validate-api-cli.js');
  const said = execFileSync(process.execPath, [validator, join(root, 'docs/openapi.yaml')], {
    encoding: 'utf8',
  });
  expect(JSON.parse(said)).toEqual({ valid: true });
});

test('has exactly the deployed functions', () => {
  const built = readdirSync(join(root, DEMO_BUNDLE, 'functions'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => `/${file.replace(/(\.protected)?\.js$/, '')}`);
  expect(paths.sort()).toEqual(built.sort());
});

describe('parameters', () => {
  const takers = paths.filter((path) => /^\/(webhooks|flex)\//.test(path));
  const Origin = 'https://flex.twilio.com';
  const { functions } = useStack(() => ({ FLEX_ORIGINS: Origin }));

  test.each(takers)('%s accepts exactly these, and lists them', async (path) => {
    const { body } = await post(functions.origin + path, { zzzzzzzzzzzz: '1' }, { Origin });
    const [, names] = /this function takes (.*)$/.exec(body.message) ?? [];
    expect(names?.split(/, | and /).sort()).toEqual(
      parametersOf(path)
        .map(({ name }) => name)
        .sort(),
    );
  });

  const required = takers.flatMap((path) =>
    parametersOf(path)
      .filter((parameter) => parameter.required)
      .map(({ name }) => [path, name] as const),
  );
  test.each(required)('%s requires %s', async (path, missing) => {
    const sent = required.filter(([other, name]) => other === path && name !== missing);
    const values = { ConversationSid: 'demo', Sid: `WH${'0'.repeat(32)}`, Target: 'studio' };
    const form = Object.fromEntries(sent.map(([, name]) => [name, values[name as keyof typeof values]]));
    const { body } = await post(functions.origin + path, form, { Origin });
    expect(body.message).toContain(`${missing} is missing`);
  });
});
