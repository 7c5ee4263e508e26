export type Fields = Readonly<Record<string, string | string[] | Buffer>>;
export type Resource = Readonly<Record<string, unknown>> & { readonly sid: string };

/** An answer of the API that is an error. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** Each kind of resource: how its SIDs begin, what it is made of, and which of that is there only once. */
const KINDS: Readonly<Record<string, { prefix: string; required?: string[]; once?: string }>> = {
  Services: { prefix: 'ZS', required: ['UniqueName', 'FriendlyName'], once: 'UniqueName' },
  Environments: { prefix: 'ZE', required: ['UniqueName'], once: 'UniqueName' },
  Variables: { prefix: 'ZV', required: ['Key', 'Value'], once: 'Key' },
  Functions: { prefix: 'ZH', required: ['FriendlyName'] },
  Assets: { prefix: 'ZH', required: ['FriendlyName'] },
  Versions: { prefix: 'ZN', required: ['Path', 'Visibility', 'Content'] },
  Builds: { prefix: 'ZB' },
  Deployments: { prefix: 'ZD', required: ['BuildSid'] },
};

const snake = (name: string) => name.replace(/\B[A-Z]/g, (letter) => `_${letter}`).toLowerCase();

/** The resources of Twilio's Serverless API by their paths, such as `Services/ZS…/Functions`. */
export class Resources {
  private readonly collections = new Map<string, Resource[]>();
  private made = 0;

  /** All of a collection. Throws a 404 where there is nothing that it could belong to. */
  list(path: string): readonly Resource[] {
    return this.collection(path);
  }

  fetch(path: string): Resource {
    const [collection, sid] = cut(path);
    const found = this.collections.get(collection)?.find((resource) => resource.sid === sid);
    if (found) return found;
    throw new Refusal(404, 20404, `The requested resource /${path} was not found`);
  }

  create(path: string, fields: Fields): Resource {
    const [parent, name] = cut(path);
    const { prefix, required = [], once } = KINDS[name]!;
    const collection = this.collection(path);
    for (const field of required)
      if (fields[field] === undefined) throw new Refusal(400, 20001, `Missing required parameter ${field}`);
    if (once && collection.some((resource) => resource[snake(once)] === fields[once]))
      throw new Refusal(409, 54302, `${once} ${fields[once]} is there already`);
    const sid = prefix + (++this.made).toString(16).padStart(32, '0');
    const resource = { sid, ...this.derived(parent, name, fields), ...named(fields) };
    collection.push(resource);
    return resource;
  }

  update(path: string, fields: Fields): Resource {
    const [collection, sid] = cut(path);
    const updated = { ...this.fetch(path), ...named(fields) };
    this.collections.set(
      collection,
      this.collection(collection).map((resource) => (resource.sid === sid ? updated : resource)),
    );
    return updated;
  }

  /** What a resource has that it was not given. */
  private derived(parent: string, name: string, fields: Fields): object {
    if (name === 'Environments') {
      const suffix = fields.DomainSuffix ? `-${fields.DomainSuffix}` : '';
      const domain_name = `${this.fetch(parent).unique_name}-1234${suffix}.twil.io`;
      return { domain_name, domain_suffix: null, build_sid: null };
    }
    if (name === 'Builds') {
      for (const [field, room] of [
        ['FunctionVersions', 'Functions'],
        ['AssetVersions', 'Assets'],
      ] as const)
        for (const sid of [fields[field] ?? []].flat()) this.version(`${parent}/${room}`, `${sid}`);
      return { status: 'completed' };
    }
    if (name === 'Deployments') {
      const [service] = cut(cut(parent)[0]);
      this.fetch(`${service}/Builds/${fields.BuildSid}`);
      this.update(parent, { BuildSid: `${fields.BuildSid}` });
    }
    return {};
  }

  /** The version of some function, or asset, of a service. Throws a 404 where there is none. */
  version(room: string, sid: string): Resource {
    for (const { sid: owner } of this.list(room))
      for (const version of this.list(`${room}/${owner}/Versions`)) if (version.sid === sid) return version;
    throw new Refusal(404, 20404, `The version ${sid} was not found`);
  }

  private collection(path: string): Resource[] {
    const [parent, name] = cut(path);
    if (!KINDS[name]) throw new Refusal(404, 20404, `The requested resource /${path} was not found`);
    if (parent) this.fetch(parent);
    if (!this.collections.has(path)) this.collections.set(path, []);
    return this.collections.get(path)!;
  }
}

/** A path without its last part, and that part. */
function cut(path: string): [string, string] {
  const at = path.lastIndexOf('/');
  return [path.slice(0, Math.max(at, 0)), path.slice(at + 1)];
}

function named(fields: Fields): object {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [snake(name), value]));
}
