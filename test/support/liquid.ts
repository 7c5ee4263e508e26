const OUTPUT = /\{\{\s*([\w.]+)\s*((?:\|\s*\w+\s*(?::\s*\w+\s*)?)*)\}\}/g;

/** Paths such as `widgets.ask.inbound.Body` that a text reads. */
export const pathsIn = (text: string): string[] => [...text.matchAll(OUTPUT)].map(([, path]) => `${path}`);

/** Whether all that looks like Liquid is Liquid that `render` can read. */
export const isReadable = (text: string): boolean => !/[{}]{2}|\{%|%\}/.test(text.replace(OUTPUT, ''));

/** What is there at a path, undefined if nothing is. */
export const resolve = (path: string, context: object): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? value[key as keyof typeof value]
          : undefined,
      context,
    );

const filters: Record<string, (value: string, argument: string) => string> = {
  downcase: (value) => value.toLowerCase(),
  plus: (value, argument) => String(Number(value) + Number(argument)),
};

/** The part of Liquid that the flows of flows/ are written in. As in Studio, what is not there is the empty string. */
export const render = (text: string, context: object): string =>
  text.replace(OUTPUT, (_, path: string, pipe: string) =>
    pipe
      .split('|')
      .slice(1)
      .map((step) => step.trim().split(/\s*:\s*/))
      .reduce(
        (value, [name = '', argument = '']) => {
          const filter = filters[name];
          if (filter === undefined) throw new Error(`a filter of Liquid that is not here: ${name}`);
          return filter(value, argument);
        },
        String(resolve(path, context) ?? ''),
      ),
  );
