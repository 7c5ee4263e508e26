import { checkAnswer } from './contract';

export interface Called {
  readonly status: number;
  readonly type: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of an answer stands in the test
  readonly body: any;
}

/** Calls as Studio's Run Function widget does: a form of strings, a key repeated for each item of a list. */
export async function post(
  url: string,
  form: Readonly<Record<string, string | readonly string[]>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Called> {
  const pairs = Object.entries(form).flatMap(([name, value]) =>
    [value].flat().map((item) => [name, item] as [string, string]),
  );
  return called(await fetch(url, { method: 'POST', headers, body: new URLSearchParams(pairs) }));
}

/** @param check what is said of the answer; our own documentation, if nothing else */
export async function postJson(url: string, body: unknown, check = checkAnswer): Promise<Called> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return called(
    await fetch(url, { method: 'POST', body: text, headers: { 'content-type': 'application/json' } }),
    check,
  );
}

export async function get(url: string): Promise<Called> {
  return called(await fetch(url));
}

// Whatever a test is about: the answer is the one that is documented.
async function called(response: Response, check = checkAnswer): Promise<Called> {
  const text = await response.text();
  const { status, url } = response;
  const body = text && JSON.parse(text);
  check(url, status, body);
  return { status, type: response.headers.get('content-type'), body };
}
