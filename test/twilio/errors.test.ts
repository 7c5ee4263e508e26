import { ApiError } from '../../src/lib/api-error';
import { codeForStatus, throwApiError } from '../../src/twilio/errors';

function thrown(error: unknown): ApiError {
  try {
    return throwApiError(error);
  } catch (caught) {
    expect(caught).toBeInstanceOf(ApiError);
    return caught as ApiError;
  }
}

test('passes on the status, the code, the message and the details of Twilio', () => {
  const details = { field: 'Configuration.Url', nested: { reasons: ['too long'] } };
  const error = thrown({ status: 400, code: 50377, message: 'closed', details });
  expect(error).toMatchObject({ status: 400, code: 50377, message: 'closed' });
  expect(error.details).toEqual(details);
  expect(error.toJSON()).toMatchObject({ details });
});

test.each([400, 422, 429, 503])('gives a 20429 that came with a %i the status 429', (status) => {
  expect(thrown({ status, code: 20429, message: 'Too many requests' })).toMatchObject({
    status: 429,
    code: 20429,
    mayHaveSucceeded: false,
  });
});

test.each([[undefined], [null], ['text'], [5], [true]])('leaves out details that are %j', (details) => {
  const error = thrown({ status: 400, code: 50377, message: 'closed', details });
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
  for (const unusable of [undefined, null, '50377', 1.5, Number.NaN])
    expect(thrown({ status, code: unusable })).toMatchObject({
      status,
      code,
      message: expect.stringMatching(/./),
    });
});

test.each([
  [{ status: 399, code: 1 }],
  [{ status: 600, code: 1 }],
  [{ status: '404', code: 1 }],
  [new TypeError('x')],
  [undefined],
  [null],
  ['text'],
])('maps %j, which is not an HTTP error, to a 502', (error) => {
  expect(thrown(error)).toMatchObject({ status: 502, code: 20500 });
});

test('passes on an error of this bundle as it is', () => {
  const error = new ApiError(20503, 'try again');
  expect(thrown(error)).toBe(error);
});
