import { apiErrorMessage } from '../../cli/print-error';
import { ApiError } from '../../src/lib/api-error';

test.each([
  [{}, 'Twilio could not be reached (ECONNREFUSED); try again'],
  [
    { TWILIO_API_BASE_URL: 'http://127.0.0.1:4010' },
    'Twilio (http://127.0.0.1:4010) could not be reached (ECONNREFUSED); try again',
  ],
])('says which API could not be reached if the variables are %j', (variables, message) => {
  const error = new ApiError(20503, 'Twilio could not be reached (ECONNREFUSED); try again');
  expect(apiErrorMessage(error, variables)).toBe(message);
});
