import { once } from 'node:events';
import { request } from 'node:http';
import { BASIC, DEMO, useEmulator } from '../../support/emulator';
import { until } from '../../support/until';

const subject = useEmulator();

const list = () => subject.raw('GET', '/v1/Conversations');
const counted = async () => (await list()).headers.get('twilio-concurrent-requests');

/** A request whose body is not complete: it stays under way until `finish`. */
function begin() {
  const unfinished = request(`${subject.origin}/v1/Conversations/${DEMO}/Messages`, {
    method: 'POST',
    headers: { authorization: BASIC, 'content-type': 'application/x-www-form-urlencoded' },
  });
  unfinished.write('Body=');
  return {
    async finish() {
      const responded = once(unfinished, 'response');
      unfinished.end('Hello');
      const [response] = await responded;
      response.resume();
      return response.statusCode as number;
    },
  };
}

test('counts the requests that are under way', async () => {
  expect(await counted()).toBe('1');
  const requests = [begin(), begin()];
  await until(
    async () => (await counted()) === '3',
    () => 'two requests were not counted',
  );
  for (const each of requests) expect(await each.finish()).toBe(201);
  expect(await counted()).toBe('1');
});

test('refuses a request over the limit, and does not process it', async () => {
  const requests = [begin(), begin()];
  await until(
    async () => (await counted()) === '3',
    () => 'two requests were not counted',
  );
  await subject.control('POST', '/options', { concurrencyLimit: 2 });
  const refused = await subject.raw('DELETE', `/v1/Conversations/${DEMO}`);
  expect(refused).toMatchObject({ status: 429, body: { code: 20429, status: 429 } });
  expect(refused.headers.get('twilio-concurrent-requests')).toBe('3');
  for (const each of requests) expect(await each.finish()).toBe(201);
  expect((await subject.raw('GET', `/v1/Conversations/${DEMO}`)).status).toBe(200);
});
