import { ApiError } from '../../src/lib/api-error';
import { codeForStatus, toApiError } from '../../src/twilio/errors';

test('passes on the status, the code, the message and the details of Twilio', () => {
  const details = { field: 'Configuration.Url', nested: { reasons: ['too long'] } };
  const error = toApiError(400, { status: 400, code: 50377, message: 'closed', details });
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 400, code: 50377, message: 'closed' });
  expect(error.details).toEqual(details);
  expect(error.toJSON()).toMatchObject({ details });
});

test.each([
  [{ title: 'Not found', detail: 'no such webhook' }, 'no such webhook'],
  [{ title: 'Not found' }, 'Not found'],
  [{ message: '', title: 7 }, 'Twilio returned 404'],
])('takes the message of an error in the form of RFC 9457 %j', (body, message) => {
  const type = 'https://www.twilio.com/docs/api/errors/20404';
  expect(toApiError(404, { type, status: 404, code: 20404, ...body })).toMatchObject({
    status: 404,
    code: 20404,
    message,
  });
});

test.each([400, 422, 429, 503])('gives a 20429 that came with a %i the status 429', (status) => {
  expect(toApiError(status, { code: 20429, message: 'Too many requests' })).toMatchObject({
    status: 429,
    code: 20429,
    mayHaveSucceeded: false,
  });
});

test.each([[undefined], [null], ['text'], [5], [true]])('leaves out details that are %j', (details) => {
  const error = toApiError(400, { code: 50377, message: 'closed', details });
  expect(error.details).toBeUndefined();
  expect(Object.keys(error.toJSON())).not.toContain('details');
});

test.each([
  [400, 20001],
  [401, 20003],
  [403, 20403],
  [404, 20404],
  [409, 20409],
  [429, 20429],
  [499, 20001],
  [500, 20500],
  [502, 20500],
  [503, 20503],
  [599, 20500],
])('gives a %i without a code the code %i', (status, code) => {
  expect(codeForStatus(status)).toBe(code);
  const message = `Twilio returned ${status}`;
  for (const unusable of [undefined, null, '50377', 1.5, Number.NaN])
    expect(toApiError(status, { code: unusable })).toMatchObject({ status, code, message });
  for (const body of [undefined, null, 'text', 7, []])
    expect(toApiError(status, body)).toMatchObject({ status, code, message });
});

test.each([199, 302, 399, 600, 999])('maps the status %i, which is not an HTTP error, to a 502', (status) => {
  expect(toApiError(status, { code: 1, message: 'x' })).toMatchObject({ status: 502, code: 20500 });
});
