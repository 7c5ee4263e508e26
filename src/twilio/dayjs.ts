/** Replaces dayjs in the bundle. The helper library uses it only to parse the API's dates; this saves a tenth of a function's size. */
export default {
  extend(): void {},
  utc(text: unknown) {
    const date = new Date(typeof text === 'string' ? text : Number.NaN);
    return { isValid: () => !Number.isNaN(date.getTime()), toDate: () => date };
  },
};
