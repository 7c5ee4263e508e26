import { request } from 'node:http';
import { BASIC, DEMO, fires, refusal, startEmulator, useEmulator } from '../../support/emulator';
import { send as sendRaw } from '../../support/raw';
import { until } from '../../support/until';

const subject = useEmulator({ now: () => Date.parse('2026-01-31T12:00:00Z') });

const WEBHOOKS = `/v1/Conversations/${DEMO}/Webhooks`;
const demo = () => subject.api.conversations(DEMO);
const hook = () =>
  demo().webhooks.create({
    target: 'webhook',
    'configuration.url': `${subject.origin}/_emulator/receiver`,
    'configuration.filters': ['onMessageAdded'],
  });
const form = () => `Target=webhook&Configuration.Url=${subject.origin}/&Configuration.Filters=onMessageAdded`;
const attached = async () => (await demo().webhooks.list()).length;
const fault = async (body: object) => expect(await post(body)).toMatchObject({ status: 200 });
const post = (body: unknown) => subject.raw('POST', '/_emulator/faults', JSON.stringify(body));
const faults = async () => (await subject.control('GET', '/faults')).body.faults;
const statuses = async (count: number, path = '/v1/Conversations/demo') => {
  const found: number[] = [];
  for (let n = 0; n < count; n += 1) found.push((await subject.raw('GET', path)).status);
  return found;
};
const requests = async () => (await subject.control('GET', '/requests')).body.requests;
const error = (call: Promise<unknown>): Promise<{ code?: string; message: string }> =>
  call.then(
    () => ({ message: 'no error' }),
    (reason) => reason,
  );

/** The bytes that came, whatever they are, and how that ended. */
function fetchBytes(method: string, path: string, body = '') {
  return new Promise<{ status?: number; type?: string; text: string; end: string }>((resolve) => {
    const headers = { Authorization: BASIC, 'Content-Type': 'application/x-www-form-urlencoded' };
    const asked = request(`${subject.origin}${path}`, { method, headers }, (response) => {
      const { statusCode: status = 0, headers } = response;
      const type = headers['content-type'] ?? '';
      let text = '';
      const end = (how: string) => resolve({ status, type, text, end: how });
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => end('whole'));
      response.on('error', ({ code }: NodeJS.ErrnoException) => end(`${code}`));
    });
    asked.on('error', ({ code }: NodeJS.ErrnoException) => resolve({ text: '', end: `${code}` }));
    asked.end(body);
  });
}

describe('a status', () => {
  test('replaces the response, in Twilio’s shape', async () => {
    await fault({ match: { method: 'POST' }, do: { status: 429, retry_after: 2 } });
    const { status, headers, body } = await subject.raw('POST', WEBHOOKS, form());
    expect(status).toBe(429);
    expect(body).toEqual({
      code: 20429,
      message: 'Too Many Requests',
      more_info: 'https://www.twilio.com/docs/errors/20429',
      status: 429,
    });
    expect(headers.get('retry-after')).toBe('2');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('twilio-request-id')).toMatch(/^RQ/);
    expect(headers.get('date')).toBe('Sat, 31 Jan 2026 12:00:00 GMT');
    expect(await attached()).toBe(0);
  });

  test('has the given code, message and Retry-After', async () => {
    const retry_after = 'Sat, 31 Jan 2026 12:00:05 GMT';
    await fault({ do: { status: 400, code: 20422, message: 'Try later', retry_after } });
    expect(await refusal(demo().fetch())).toMatchObject({ status: 400, code: 20422, message: 'Try later' });
    expect((await subject.raw('GET', WEBHOOKS)).headers.get('retry-after')).toBe(retry_after);
  });

  test('can follow a processed request', async () => {
    await fault({ match: { method: 'POST' }, do: { status: 503, processed: true } });
    expect(await refusal(hook())).toMatchObject({ status: 503, code: 20503 });
    expect(await attached()).toBe(1);
    expect((await subject.raw('DELETE', `${WEBHOOKS}/none`)).status).toBe(404);
  });

  test.each([
    ['POST', 409, undefined, 20409, false],
    ['POST', 409, undefined, 20409, true],
    ['POST', 400, 50365, 50365, false],
    ['POST', 500, undefined, 20500, true],
    ['DELETE', 409, undefined, 20409, false],
    ['DELETE', 409, undefined, 20409, true],
    ['DELETE', 400, 20001, 20001, false],
    ['DELETE', 500, undefined, 20500, true],
  ])('can meet the %s of one webhook: %j, code %j', async (method, status, code, expected, processed) => {
    const [one, other] = [await hook(), await hook()];
    await fault({
      match: { method, path: `*/Webhooks/${one.sid}` },
      do: { status, processed, ...(code && { code }) },
    });
    const write = ({ sid }: { sid: string }): Promise<unknown> =>
      method === 'POST'
        ? demo().webhooks(sid).update({ 'configuration.url': 'http://127.0.0.1:9/new' })
        : demo().webhooks(sid).remove();
    expect(await refusal(write(one))).toMatchObject({ status, code: expected });
    await write(other);
    const left = await demo().webhooks.list();
    const state = ({ sid }: { sid: string }) => {
      const url: string | undefined = left.find((webhook) => webhook.sid === sid)?.configuration.url;
      return url === undefined ? 'deleted' : url.endsWith('/new') ? 'updated' : 'unchanged';
    };
    const written = method === 'POST' ? 'updated' : 'deleted';
    expect([state(one), state(other)]).toEqual([processed ? written : 'unchanged', written]);
  });

  test('is returned before authentication, and never by /_emulator', async () => {
    await fault({ do: { status: 500 } });
    expect((await subject.raw('GET', WEBHOOKS, undefined, { Authorization: '' })).status).toBe(500);
    expect((await subject.raw('GET', '/v1/Nothing')).status).toBe(500);
    expect((await subject.control('GET', '/idle')).status).toBe(200);
  });
});

describe('a dropped connection', () => {
  test('before processing creates nothing', async () => {
    await fault({ match: { method: 'POST' }, do: { drop: 'before' } });
    expect(await error(hook())).toMatchObject({ code: 'ECONNRESET' });
    expect(await attached()).toBe(0);
  });

  test('after processing leaves a webhook that the client does not know', async () => {
    await fault({ match: { method: 'POST', path: '*/Webhooks' }, when: { count: 1 }, do: { drop: 'after' } });
    expect(await error(hook())).toMatchObject({ code: 'ECONNRESET' });
    expect(await attached()).toBe(1);
    expect((await hook()).sid).toMatch(/^WH/);
    expect(await attached()).toBe(2);
  });

  test('after processing does not stop the event', async () => {
    await hook();
    await fault({ match: { path: '*/Messages' }, do: { drop: 'after' } });
    expect(await error(demo().messages.create({ body: 'Hello', ...fires }))).toMatchObject({
      code: 'ECONNRESET',
    });
    expect(await subject.deliveries()).toMatchObject([{ outcome: 'answered', params: { Body: 'Hello' } }]);
  });

  test('replaces an error and a 204', async () => {
    const { sid } = await hook();
    await fault({ match: { method: 'DELETE' }, do: { drop: 'after' } });
    expect(await error(demo().webhooks(sid).remove())).toMatchObject({ code: 'ECONNRESET' });
    expect(await error(demo().webhooks(sid).remove())).toMatchObject({ code: 'ECONNRESET' });
    expect(await attached()).toBe(0);
  });
});

describe('a request that is processed late', () => {
  const long = 60_000;
  const create = { method: 'POST', path: '*/Webhooks' };
  const idle = () => subject.control('GET', '/idle');

  test('creates nothing before its time', async () => {
    await fault({ match: create, do: { drop: 'before', process_after: long } });
    expect(await error(hook())).toMatchObject({ code: 'ECONNRESET' });
    expect(await attached()).toBe(0);
    expect(await requests()).toMatchObject([
      { method: 'POST', status: null, faults: [1] },
      { method: 'GET', status: 200, faults: [] },
    ]);
  });

  test.each([
    ['a dropped connection', { drop: 'before' }, { code: 'ECONNRESET' }],
    ['a status', { status: 504 }, { status: 504, code: 20504 }],
    ['a status in HTML', { status: 502, body: 'html' }, { status: 502 }],
    ['a delay', { delay: 1, drop: 'before' }, { code: 'ECONNRESET' }],
  ])('creates, updates and deletes after %s', async (_, effect, failure) => {
    await fault({ match: { path: '*/Webhooks*' }, when: { count: 1 }, do: { ...effect, process_after: 5 } });
    expect(await error(hook())).toMatchObject(failure);
    await idle();
    const [created] = await demo().webhooks.list();
    const webhook = demo().webhooks(`${created?.sid}`);

    const again = { when: { count: 1 }, do: { ...effect, process_after: [1, 9] } };
    await fault({ match: { method: 'POST' }, ...again });
    const url = `${subject.origin}/new?a=b&c`;
    expect(await error(webhook.update({ 'configuration.url': url }))).toMatchObject(failure);
    await idle();
    expect((await webhook.fetch()).configuration.url).toBe(url);

    await fault({ match: { method: 'DELETE' }, ...again });
    expect(await error(webhook.remove())).toMatchObject(failure);
    await idle();
    expect(await attached()).toBe(0);
  });

  test('dispatches its event when it is processed', async () => {
    await hook();
    await fault({ match: { path: '*/Messages' }, do: { drop: 'before', process_after: 5 } });
    expect(await error(demo().messages.create({ body: 'Hello', ...fires }))).toMatchObject({
      code: 'ECONNRESET',
    });
    await idle();
    expect(await subject.deliveries()).toMatchObject([{ outcome: 'answered', params: { Body: 'Hello' } }]);
  });

  test('tells nobody that it is refused', async () => {
    await fault({ match: { method: 'POST' }, do: { drop: 'before', process_after: 5 } });
    const unauthorized = { Authorization: '' };
    expect(await error(subject.raw('POST', WEBHOOKS, form(), unauthorized))).toMatchObject({
      message: 'fetch failed',
    });
    expect(await error(subject.raw('POST', `${WEBHOOKS}/none`, form()))).toMatchObject({
      message: 'fetch failed',
    });
    await idle();
    expect(await requests()).toMatchObject([{ status: null }, { status: null }]);
    expect(await attached()).toBe(0);
  });

  test('is forgotten after a reset', async () => {
    await fault({ match: create, do: { drop: 'before', process_after: 300 } });
    expect(await error(hook())).toMatchObject({ code: 'ECONNRESET' });
    await subject.control('POST', '/reset');
    await idle();
    expect(await attached()).toBe(0);
  });

  test('is forgotten when the emulator stops', async () => {
    const other = await startEmulator();
    await other.control('POST', '/faults', { do: { drop: 'before', process_after: long } });
    expect(await error(other.raw('POST', WEBHOOKS, form()))).toMatchObject({ message: 'fetch failed' });
    await other.stop();
    await other.context.queue.idle();
    expect(other.context.store.conversations.get(DEMO)?.webhooks.size).toBe(0);
  });
});

describe('a body', () => {
  const json = 'application/json; charset=utf-8';
  const html = 'text/html; charset=utf-8';

  test.each([
    ['garbage', 201, json, /^[^}]*sid/],
    ['html', 201, html, /^<html>/],
    ['empty', 201, json, /^$/],
  ])('of %s follows a processed request', async (body, status, type, text) => {
    await fault({ match: { method: 'POST' }, do: { body } });
    const response = await fetchBytes('POST', WEBHOOKS, form());
    expect(response).toEqual({ status, type, text: expect.stringMatching(text), end: 'whole' });
    expect(() => JSON.parse(response.text)).toThrow();
    expect(await attached()).toBe(1);
  });

  test('of truncate ends before its Content-Length', async () => {
    await fault({ when: { count: 1 }, do: { body: 'truncate' } });
    const half = await fetchBytes('GET', WEBHOOKS);
    const whole = await fetchBytes('GET', WEBHOOKS);
    expect(half).toEqual({ ...whole, text: whole.text.slice(0, whole.text.length / 2), end: 'ECONNRESET' });
    expect(half.text).toMatch(/^\{"meta"/);
  });

  test('with a status replaces an unprocessed request', async () => {
    await fault({ do: { status: 502, body: 'html', retry_after: 1 } });
    expect(await fetchBytes('POST', WEBHOOKS, form())).toMatchObject({ status: 502, type: html });
    expect((await fetch(`${subject.origin}${WEBHOOKS}`)).headers.get('retry-after')).toBe('1');
    await subject.control('DELETE', '/faults');
    expect(await attached()).toBe(0);
  });

  test.each([
    ['garbage', 200, 'whole'],
    ['html', 200, 'whole'],
    ['empty', 204, 'whole'],
    ['truncate', undefined, 'ECONNRESET'],
  ])('of %s replaces a 204', async (body, status, end) => {
    const { sid } = await hook();
    await fault({ match: { method: 'DELETE' }, do: { body } });
    const response = await fetchBytes('DELETE', `${WEBHOOKS}/${sid}`);
    expect([response.status, response.end]).toEqual([status, end]);
    expect(await attached()).toBe(0);
  });
});

describe('a delay', () => {
  // Nobody waits for the end of this: the client goes, and the emulator is stopped.
  const long = 60_000;
  /** A webhook is being created; resolves once its request has met the fault. */
  const creating = async () => {
    const headers = { Authorization: BASIC, 'Content-Type': 'application/x-www-form-urlencoded' };
    const asked = request(`${subject.origin}${WEBHOOKS}`, { method: 'POST', headers });
    const gone = new Promise((resolve) => asked.on('error', () => {}).on('close', resolve));
    asked.end(form());
    await until(
      async () => (await faults())[0].met > 0,
      () => 'no request met the fault',
    );
    return async () => {
      asked.destroy();
      await gone;
    };
  };

  test('delays the matching request only', async () => {
    await fault({ match: { method: 'POST' }, do: { delay: long } });
    const leave = await creating();
    expect(await statuses(1)).toEqual([200]);
    expect(await attached()).toBe(0);
    await leave();
  });

  test('can delay the response of a processed request', async () => {
    await fault({ match: { method: 'POST' }, do: { delay: long, processed: true } });
    const leave = await creating();
    await until(
      async () => (await attached()) > 0,
      () => 'no webhook was created',
    );
    await leave();
    expect(await attached()).toBe(1);
  });

  test('ends in processing, even if the client has disconnected', async () => {
    await fault({ match: { method: 'POST' }, do: { delay: 50 } });
    const leave = await creating();
    await leave();
    await until(
      async () => (await attached()) > 0,
      () => 'no webhook was created',
    );
    const log: { method: string; faults: number[] }[] = await requests();
    expect(log.find(({ method }) => method === 'POST')?.faults).toEqual([1]);
  });

  test('combines with another fault', async () => {
    await fault([
      { do: { delay: [0, 2] } },
      { do: { delay: 1, status: 503 } },
      { do: { delay: 60_000, status: 500 } },
    ]);
    expect(await statuses(1)).toEqual([503]);
    expect((await faults()).map(({ met }: { met: number }) => met)).toEqual([1, 1, 0]);
    expect(await requests()).toMatchObject([{ status: 503, faults: [1, 2] }]);
  });
});

describe('match and when', () => {
  test('match the method and the whole path, with * for any part', async () => {
    await fault({ match: { method: 'GET', path: '/v1/*/Webhooks' }, do: { status: 500 } });
    expect(await statuses(1, WEBHOOKS)).toEqual([500]);
    expect(await statuses(1, `${WEBHOOKS}?PageSize=1`)).toEqual([500]);
    expect(await statuses(1, `${WEBHOOKS}/x`)).toEqual([404]);
    expect((await subject.raw('POST', WEBHOOKS, form())).status).toBe(201);
    await fault({ match: { path: '/v1/Conversations/d.mo' }, do: { status: 500 } });
    expect(await statuses(1)).toEqual([200]);
  });

  test('match any part of the decoded form', async () => {
    const crm = (path: string) =>
      demo().webhooks.create({
        target: 'webhook',
        'configuration.url': `https://crm.example/${path}?name=a b&ä`,
        'configuration.filters': ['onMessageAdded', 'onMessageUpdated'],
      });
    const body = 'Configuration.Url=https://crm.example/in?name=a b&ä';
    await fault({ match: { method: 'POST', path: '*/Webhooks', body }, do: { status: 400, code: 50365 } });
    expect((await crm('out')).sid).toMatch(/^WH/);
    expect(await refusal(crm('in'))).toMatchObject({ status: 400, code: 50365 });
    expect((await demo().webhooks.list()).map(({ configuration }) => configuration.url)).toEqual([
      'https://crm.example/out?name=a b&ä',
    ]);
    await fault({ match: { body: 'Filters=onMessageUpdated' }, do: { status: 500 } });
    expect(await refusal(crm('out'))).toMatchObject({ status: 500 });
    expect((await hook()).sid).toMatch(/^WH/);
  });

  test('match no request without a body', async () => {
    await fault({ match: { body: 'demo' }, do: { status: 500 } });
    expect(await statuses(1, `${WEBHOOKS}?demo=demo`)).toEqual([200]);
    expect((await subject.raw('DELETE', `${WEBHOOKS}/demo`)).status).toBe(404);
    expect(await faults()).toMatchObject([{ seen: 0, met: 0 }]);
  });

  test('leave the body to the API, chunked or not, and its limit', async () => {
    await fault({ match: { body: 'no such text' }, do: { status: 500 } });
    const chunked = (body: string) =>
      sendRaw(subject.origin, {
        method: 'POST',
        path: WEBHOOKS,
        headers: {
          authorization: BASIC,
          'content-type': 'application/x-www-form-urlencoded',
          'transfer-encoding': 'chunked',
        },
        body: Buffer.from(body),
      });
    expect((await subject.raw('POST', WEBHOOKS, form())).status).toBe(201);
    expect((await chunked(form())).status).toBe(201);
    expect((await chunked('x'.repeat(1024 * 1024 + 1))).status).toBe(400);
    expect((await subject.raw('POST', WEBHOOKS, 'x'.repeat(1024 * 1024 + 1))).body.code).toBe(20001);
    expect(await attached()).toBe(2);
  });

  test('skip, limit and count the requests', async () => {
    await fault({ when: { after: 1, count: 2 }, do: { status: 500 } });
    expect(await statuses(5)).toEqual([200, 500, 500, 200, 200]);
    expect(await faults()).toEqual([
      { id: 1, when: { after: 1, count: 2 }, do: { status: 500 }, seen: 5, met: 2 },
    ]);
  });

  test('apply the first fault, and hide the request from the others', async () => {
    await fault([
      { when: { count: 1 }, do: { status: 500 } },
      { when: { count: 1 }, do: { status: 503 } },
    ]);
    await fault({ when: { count: 1 }, do: { status: 429 } });
    expect(await statuses(4)).toEqual([500, 503, 429, 200]);
    expect((await faults()).map(({ id, seen }: { [key: string]: number }) => [id, seen])).toEqual([
      [1, 4],
      [2, 3],
      [3, 2],
    ]);
  });

  test('log a dropped connection without a status', async () => {
    await fault({ match: { method: 'POST' }, do: { drop: 'after' } });
    await fetchBytes('POST', WEBHOOKS, form());
    await statuses(1);
    expect(await requests()).toMatchObject([
      { method: 'POST', status: null, faults: [1] },
      { method: 'GET', status: 200, faults: [] },
    ]);
  });
});

describe('randomness', () => {
  const half = { when: { probability: 0.5 }, do: { status: 503 } };
  const run = async (...sets: object[]) => {
    await subject.control('POST', '/reset');
    for (const set of sets) await fault(set);
    return (await statuses(32)).map((status) => (status === 503 ? 'x' : '.')).join('');
  };

  test('is the same for the same seed', async () => {
    const [one, again, two, number] = [
      await run({ seed: 'one', faults: [half] }),
      await run({ seed: 'one', faults: [half] }),
      await run({ seed: 'two', faults: [half] }),
      await run({ seed: 1, faults: [half] }),
    ];
    expect(one).toMatch(/x.*\..*x/);
    expect(again).toBe(one);
    expect(new Set([one, two, number]).size).toBe(3);
    expect(await run(half, { seed: 'one' })).toBe(one);
  });

  test('of a fault does not depend on other faults and deliveries', async () => {
    const alone = await run({ seed: 'one', faults: [half] });
    const other = { match: { method: 'DELETE' }, ...half };
    expect(await run({ seed: 'one', deliveries: { duplicate: 0.5 }, faults: [half, other] })).toBe(alone);
  });

  test('follows the probability; 0 is never, 1 always', async () => {
    const often = async (probability: number) =>
      (await run({ when: { probability }, do: { status: 503 } })).replaceAll('.', '').length;
    expect([await often(0), await often(1)]).toEqual([0, 32]);
    expect(await often(0.25)).toBeLessThan(await often(0.75));
  });

  test('uses the seed of the SIDs by default', async () => {
    const other = await startEmulator({ seed: 'mine' });
    expect((await other.control('GET', '/faults')).body.seed).toBe('mine');
    await other.control('POST', '/faults', { seed: 'another' });
    await other.control('POST', '/reset');
    expect((await other.control('GET', '/faults')).body.seed).toBe('mine');
    await other.stop();
  });
});

describe('/_emulator/faults', () => {
  const none = { seed: 'emulator', lag: 0, deliveries: {}, faults: [] };
  const some = {
    seed: 7,
    lag: 100,
    deliveries: { duplicate: 1, delay: [1, 2], reorder: 0 },
    faults: [{ do: { status: 500 } }],
  };

  test('is empty at first, and after DELETE or reset', async () => {
    expect((await subject.control('GET', '/faults')).body).toEqual(none);
    for (const [method, path] of [
      ['DELETE', '/faults'],
      ['POST', '/reset'],
    ] as const) {
      const { body } = await post(some);
      expect(body).toEqual({ ...some, seed: '7', faults: [{ id: 1, ...some.faults[0], seen: 0, met: 0 }] });
      expect(await statuses(1)).toEqual([500]);
      expect((await subject.control(method, path)).status).toBe(204);
      expect((await subject.control('GET', '/faults')).body).toEqual(none);
      expect(await statuses(1)).toEqual([200]);
    }
  });

  test('takes JSON with any Content-Type', async () => {
    expect((await subject.control('POST', '/faults', { do: { status: 500 } })).status).toBe(200);
    expect((await post({ do: { status: 500 } })).status).toBe(200);
    expect(await statuses(1)).toEqual([500]);
    const { body: refused } = await subject.raw('POST', '/_emulator/faults', 'do=x');
    expect(refused).toMatchObject({ code: 20001, message: expect.stringMatching(/^The body must be JSON/) });
  });

  test('changes the given keys, and keeps the others', async () => {
    await post(some);
    await post({ lag: 0 });
    await post({ deliveries: {} });
    expect((await post([])).body).toMatchObject({ seed: '7', lag: 0, deliveries: {}, faults: [{ id: 1 }] });
  });
});

describe('an invalid fault', () => {
  const ok = { do: { status: 500 } };

  test.each<[unknown, string | RegExp]>([
    [{}, 'The body must be a fault, an array of faults, or an object with seed, lag, deliveries, faults'],
    ['x', 'The body must be an object, not "x"'],
    [null, 'The body must be an object, not null'],
    [{ fault: [] }, 'The body has an unknown key "fault"; the keys are seed, lag, deliveries, faults'],
    [{ ...ok, if: {} }, 'The body has an unknown key "if"; the keys are match, when, do'],
    [{ when: {} }, 'do must have at least one of delay, status, drop, body'],
    [{ do: { code: 20001 } }, 'do must have at least one of delay, status, drop, body'],
    [{ do: [] }, 'do must be an object, not []'],
    [{ do: { satus: 500 } }, /^do has an unknown key "satus"; the keys are delay, status, /],
    [{ do: { toString: 1 } }, /^do has an unknown key "toString"; the keys are delay, status, /],
    [{ do: { status: 200 } }, 'do.status must be an integer from 400 to 599, not 200'],
    [{ do: { status: '500' } }, 'do.status must be an integer from 400 to 599, not "500"'],
    [{ do: { status: 500.5 } }, 'do.status must be an integer from 400 to 599, not 500.5'],
    [{ do: { status: 500, code: 1 } }, 'do.code must be an integer from 10000 to 99999, not 1'],
    [{ do: { status: 500, message: 1 } }, 'do.message must be a string, not 1'],
    [
      { do: { status: 500, retry_after: 'soon' } },
      'do.retry_after must be an integer from 0 to 86400 or an HTTP date, not "soon"',
    ],
    [{ do: { status: 500, retry_after: 'Sat, 32 Jan 2026 12:00:05 GMT' } }, /an HTTP date/],
    [{ do: { status: 500, processed: 1 } }, 'do.processed must be true or false, not 1'],
    [
      { do: { delay: -1 } },
      'do.delay must be an integer from 0 to 60000 or an array [min, max] of two, not -1',
    ],
    [{ do: { delay: [2, 1] } }, /^do\.delay must be .*, not \[2,1\]$/],
    [{ do: { delay: [1, 2, 3] } }, /^do\.delay must be/],
    [{ do: { drop: 'now' } }, 'do.drop must be "before" or "after", not "now"'],
    [{ do: { body: 'x' } }, 'do.body must be "garbage" or "html" or "empty" or "truncate", not "x"'],
    [{ do: { drop: 'after', status: 500 } }, /^do must not have drop with status or body/],
    [{ do: { drop: 'after', body: 'html' } }, /^do must not have drop with status or body/],
    [{ do: { delay: 1, code: 20500 } }, 'do must have a status if it has code, message or retry_after'],
    [{ do: { drop: 'after', processed: true } }, /^do must not have processed with drop/],
    [{ do: { process_after: 5 } }, 'do must have at least one of delay, status, drop, body'],
    [
      { do: { status: 503, process_after: 0 } },
      'do.process_after must be an integer from 1 to 60000 or an array [min, max] of two, not 0',
    ],
    [
      { do: { delay: 1, process_after: 5 } },
      /^do must have a status, or drop "before", if it has process_after/,
    ],
    [{ do: { drop: 'after', process_after: 5 } }, /^do must have a status, or drop "before"/],
    [{ do: { body: 'html', process_after: 5 } }, /^do must have a status, or drop "before"/],
    [{ do: { status: 503, processed: true, process_after: 5 } }, /^do must not have processed with process/],
    [{ do: { body: 'html', processed: true } }, /^do must not have processed with drop/],
    [{ ...ok, match: { method: 'get' } }, 'match.method must be "GET" or "POST" or "DELETE", not "get"'],
    [
      { ...ok, match: { path: '/Services' } },
      'match.path must be a path that begins with /v1/, /v2/, /serverless/v1/ or *, not "/Services"',
    ],
    [{ ...ok, match: { query: 'x' } }, 'match has an unknown key "query"; the keys are method, path, body'],
    [{ ...ok, match: { body: '' } }, 'match.body must be a string that is not empty, not ""'],
    [{ ...ok, match: { body: 1 } }, 'match.body must be a string that is not empty, not 1'],
    [{ ...ok, when: { count: 0 } }, 'when.count must be an integer from 1 to 1000000, not 0'],
    [{ ...ok, when: { after: -1 } }, 'when.after must be an integer from 0 to 1000000, not -1'],
    [{ ...ok, when: { probability: 1.5 } }, 'when.probability must be a probability from 0 to 1, not 1.5'],
    [{ ...ok, when: null }, 'when must be an object, not null'],
    [[ok, { do: { status: 1 } }], '[1].do.status must be an integer from 400 to 599, not 1'],
    [[ok, ok, 'x'], '[2] must be an object, not "x"'],
    [
      { faults: [ok, { ...ok, when: { n: 1 } }] },
      'faults[1].when has an unknown key "n"; the keys are after, count, probability',
    ],
    [{ faults: ok }, 'faults must be an array, not {"do":{"status":500}}'],
    [{ seed: 1.5 }, /^seed must be a string or an integer from 0 to/],
    [{ lag: '1' }, 'lag must be an integer from 0 to 60000, not "1"'],
    [
      { faults: [ok], deliveries: { duplicate: 2 } },
      'deliveries.duplicate must be a probability from 0 to 1, not 2',
    ],
    [
      { deliveries: { lose: 1 } },
      'deliveries has an unknown key "lose"; the keys are duplicate, delay, reorder',
    ],
    [{ do: { message: 'x'.repeat(200), status: 'x'.repeat(200) } }, /not "x{55}…"$/],
  ])('%j is refused, and adds nothing', async (body, message) => {
    const before = (await subject.control('GET', '/faults')).body;
    const { status, body: response } = await post(body);
    expect([status, response.code, response.status]).toEqual([400, 20001, 400]);
    if (typeof message === 'string') expect(response.message).toBe(message);
    else expect(response.message).toMatch(message);
    expect((await subject.control('GET', '/faults')).body).toEqual(before);
  });
});
