/**
 * Requests to the emulator, with the credentials that its API asks for; its own routes do not mind them. They return what
 * the JSON says, and throw a sentence where the status is an error.
 */
export function requests({ TWILIO_API_BASE_URL, ACCOUNT_SID, AUTH_TOKEN }) {
  const authorization = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`;
  const request = async (method, path, form, headers) => {
    const response = await fetch(TWILIO_API_BASE_URL + path, {
      method,
      headers: { authorization, ...headers },
      body: form && new URLSearchParams(form),
    });
    const body = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${body.message}`);
    return body;
  };
  return {
    get: (path) => request('GET', path),
    post: (path, form, headers) => request('POST', path, form, headers),
  };
}
