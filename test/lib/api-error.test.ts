import { ApiError, isThrottled } from '../../src/lib/api-error';

test.each([
  [20001, 400],
  [50361, 400],
  [20003, 401],
  [20500, 502],
  [20503, 503],
])('gives %i the status %i, unless it has one', (code, status) => {
  expect(new ApiError(code, 'x')).toMatchObject({ code, status });
  expect(new ApiError(code, 'x', undefined, 403)).toMatchObject({ code, status: 403 });
});

test.each([
  [400, 20001, {}],
  [404, 20404, {}],
  [409, 20409, { isConflict: true }],
  [429, 20429, { isThrottled: true }],
  [429, 50377, { isThrottled: true }],
  [422, 20422, { isThrottled: true }],
  [400, 20429, { isThrottled: true }],
  [499, 20001, {}],
  [500, 20500, { mayHaveSucceeded: true }],
  [503, 20503, { mayHaveSucceeded: true }],
])('knows what a %i with the code %i says of the request', (status, code, facts) => {
  const { mayHaveSucceeded, isConflict, isThrottled: throttled } = new ApiError(code, 'x', undefined, status);
  expect({ mayHaveSucceeded, isConflict, isThrottled: throttled }).toEqual({
    mayHaveSucceeded: false,
    isConflict: false,
    isThrottled: false,
    ...facts,
  });
  expect(isThrottled({ status, code })).toBe(throttled);
});

test('is an ApiError in a stack trace', () => {
  expect(`${new ApiError(50377, 'closed')}`).toBe('ApiError: closed');
});

test('becomes Twilio’s four keys, and details if there are any', () => {
  const error = new ApiError(50377, 'closed', undefined, 400);
  const keys = {
    code: 50377,
    message: 'closed',
    more_info: 'https://www.twilio.com/docs/errors/50377',
    status: 400,
  };
  expect(error.toJSON()).toEqual(keys);
  expect(error.withDetails({ detached: ['WH1'] }).toJSON()).toEqual({
    ...keys,
    details: { detached: ['WH1'] },
  });
});

test('adds details to those that it has, and stays the same error without any', () => {
  const error = new ApiError(50361, 'Too many', { free: 0, detached: [] }, 403);
  expect(error.withDetails({ detached: ['WH1'] })).toMatchObject({
    code: 50361,
    message: 'Too many',
    status: 403,
    details: { free: 0, detached: ['WH1'] },
  });
  expect(error.withDetails({})).toBe(error);
});
