/** A response as Twilio's runtime has it. */
export class Response {
  statusCode = 200;
  body: unknown;
  readonly headers: Record<string, string> = {};
  setStatusCode(code: number) {
    this.statusCode = code;
  }
  setBody(body: unknown) {
    this.body = body;
  }
  appendHeader(name: string, value: string) {
    this.headers[name] = value;
  }
}

/** The runtime's globals in each test. @returns the lines that functions have logged in the test, whatever their level */
export function useRuntime(): string[] {
  const lines: string[] = [];
  beforeEach(() => {
    Object.assign(globalThis, { Twilio: { Response } });
    lines.length = 0;
    for (const level of ['log', 'warn', 'error'] as const)
      jest.spyOn(console, level).mockImplementation((...[line]) => void lines.push(line));
  });
  afterEach(() => jest.restoreAllMocks());
  return lines;
}
