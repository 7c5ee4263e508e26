import { DEFAULT_SERVICE_SID } from '../../../emulator/twilio/account';
import { DEMO, useEmulator } from '../../support/emulator';

const subject = useEmulator();

const get = (url: string) => subject.raw('GET', url.replace(subject.origin, ''));
const MESSAGES = `/v1/Conversations/${DEMO}/Messages`;
const write = async (...bodies: string[]) => {
  for (const body of bodies) await subject.api.conversations(DEMO).messages.create({ body });
};
const bodiesOf = ({ body }: { body: { messages: { body: string }[] } }) =>
  body.messages.map(({ body }) => body);

test('links to the next and the previous page of this origin', async () => {
  await write('a', 'b', 'c', 'd', 'e');
  const first = await get(`${MESSAGES}?PageSize=2`);
  const url = `${subject.origin}${MESSAGES}?PageSize=2&Page=0`;
  expect(first.body.meta).toEqual({
    page: 0,
    page_size: 2,
    first_page_url: url,
    previous_page_url: null,
    url,
    next_page_url: expect.stringMatching(/\?PageSize=2&Page=1&PageToken=[\w-]+$/),
    key: 'messages',
  });
  const second = await get(first.body.meta.next_page_url);
  expect(second.body.meta).toMatchObject({ page: 1, page_size: 2, url: first.body.meta.next_page_url });
  const third = await get(second.body.meta.next_page_url);
  expect(third.body.meta).toMatchObject({ page: 2, next_page_url: null });
  expect([first, second, third].map(bodiesOf)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  expect(bodiesOf(await get(third.body.meta.previous_page_url))).toEqual(['c', 'd']);
  expect(bodiesOf(await get(second.body.meta.previous_page_url))).toEqual(['a', 'b']);
});

test('skips nothing if a record is deleted between two pages', async () => {
  await write('a', 'b', 'c', 'd');
  const first = await get(`${MESSAGES}?PageSize=2`);
  for (const { sid } of first.body.messages) await subject.raw('DELETE', `${MESSAGES}/${sid}`);
  expect(bodiesOf(await get(first.body.meta.next_page_url))).toEqual(['c', 'd']);
});

test('starts with the newest for Order=desc, on every page', async () => {
  await write('a', 'b', 'c');
  const first = await get(`${MESSAGES}?Order=desc&PageSize=2`);
  expect(bodiesOf(first)).toEqual(['c', 'b']);
  expect(bodiesOf(await get(first.body.meta.next_page_url))).toEqual(['a']);
  const newest = await subject.api.conversations(DEMO).messages.list({ order: 'desc', limit: 1 });
  expect(newest.map(({ index }) => index)).toEqual([2]);
  expect(await get(`${MESSAGES}?Order=down`)).toMatchObject({ status: 400, body: { code: 20001 } });
});

test('takes Page without PageToken', async () => {
  await write('a', 'b', 'c');
  expect(bodiesOf(await get(`${MESSAGES}?PageSize=2&Page=1`))).toEqual(['c']);
  expect(bodiesOf(await get(`${MESSAGES}?PageSize=2&Page=9`))).toEqual([]);
});

test.each(['PageSize=0', 'PageSize=x', 'Page=-1', 'PageToken=x'])('refuses %s', async (query) => {
  expect(await get(`${MESSAGES}?${query}`)).toMatchObject({ status: 400, body: { code: 20001 } });
});

test('has 50 records per page, 5 for webhooks, and clamps or refuses more', async () => {
  const size = async (path: string) => (await get(path)).body.meta.page_size;
  expect(await size(MESSAGES)).toBe(50);
  expect(await size(`${MESSAGES}?PageSize=1000`)).toBe(100);
  expect(await size(`/v1/Conversations/${DEMO}/Webhooks`)).toBe(5);
  expect(await size(`/v1/Conversations/${DEMO}/Webhooks?PageSize=20`)).toBe(5);
  await subject.control('POST', '/options', { pageSizeTooLarge: 'refuse' });
  expect(await get(`${MESSAGES}?PageSize=101`)).toMatchObject({ status: 400, body: { code: 20007 } });
  expect((await get(`${MESSAGES}?PageSize=100`)).status).toBe(200);
});

test('filters conversations by state and date, and lists the newest first by date', async () => {
  const dated = [];
  for (const dateCreated of [new Date('2020-01-01T00:00:00Z'), new Date('2020-02-01T00:00:00Z')]) {
    dated.push((await subject.api.conversations.create({ dateCreated })).sid);
  }
  await subject.api.conversations(dated[0] ?? '').update({ state: 'inactive' });
  const sids = async (query: string) =>
    (await get(`/v1/Services/${DEFAULT_SERVICE_SID}/Conversations?${query}`)).body.conversations.map(
      ({ sid }: { sid: string }) => sid,
    );
  expect(await sids('')).toEqual([DEMO, ...dated]);
  expect(await sids('State=inactive')).toEqual([dated[0]]);
  expect(await sids('EndDate=2020-12-31T23:59:59Z')).toEqual(dated.toReversed());
  expect(await sids('StartDate=2020-01-15&EndDate=2020-12-31')).toEqual([dated[1]]);
});

test('lists ten thousand conversations to the end', async () => {
  const { body } = await subject.control('POST', '/seed', { conversations: 10_000 });
  expect(new Set(body.conversations).size).toBe(10_000);
  const listed = await subject.api.conversations.list({ pageSize: 100, limit: 250 });
  expect(listed.map(({ sid }) => sid)).toEqual([DEMO, ...body.conversations.slice(0, 249)]);
  const last = await get('/v1/Conversations?PageSize=100&Page=100');
  expect(last.body).toMatchObject({
    meta: { next_page_url: null },
    conversations: [{ sid: body.conversations.at(-1) }],
  });
});

test('pages backwards through a filtered list, and back from beyond its end', async () => {
  const sids = [];
  for (let n = 0; n < 7; n += 1) {
    const state = n % 2 === 0 ? 'active' : 'inactive';
    sids.push((await subject.api.conversations.create({ state })).sid);
  }
  const [second, fourth, sixth] = [sids[1], sids[3], sids[5]];
  const sidsOf = ({ body }: { body: { conversations: { sid: string }[] } }) =>
    body.conversations.map(({ sid }) => sid);
  for (const [query, expected] of [
    ['State=inactive', [second, fourth, sixth]],
    ['State=inactive&StartDate=2000-01-01', [sixth, fourth, second]],
  ] as const) {
    const first = await get(`/v1/Conversations?${query}&PageSize=2`);
    expect(sidsOf(first)).toEqual(expected.slice(0, 2));
    expect(first.body.meta.previous_page_url).toBeNull();
    const next = await get(first.body.meta.next_page_url);
    expect(sidsOf(next)).toEqual(expected.slice(2));
    expect(next.body.meta.next_page_url).toBeNull();
    expect(sidsOf(await get(next.body.meta.previous_page_url))).toEqual(expected.slice(0, 2));
    expect(sidsOf(await get(`/v1/Conversations?${query}&PageSize=2&Page=1`))).toEqual(expected.slice(2));
    const beyond = await get(`/v1/Conversations?${query}&PageSize=2&Page=9`);
    expect([sidsOf(beyond), beyond.body.meta.next_page_url]).toEqual([[], null]);
    expect(sidsOf(await get(beyond.body.meta.previous_page_url))).toEqual(expected.slice(1));
  }
});

test.each(['asc', 'desc'])(
  'finds a page by its token after records before it were deleted, %s',
  async (order) => {
    await write('a', 'b', 'c', 'd', 'e', 'f');
    const first = await get(`${MESSAGES}?Order=${order}&PageSize=2`);
    const second = await get(first.body.meta.next_page_url);
    for (const { sid } of second.body.messages) await subject.raw('DELETE', `${MESSAGES}/${sid}`);
    const left = order === 'asc' ? ['a', 'b', 'e', 'f'] : ['f', 'e', 'b', 'a'];
    const third = await get(second.body.meta.next_page_url);
    expect(bodiesOf(third)).toEqual(left.slice(2));
    expect(bodiesOf(await get(third.body.meta.previous_page_url))).toEqual(left.slice(0, 2));
  },
);
