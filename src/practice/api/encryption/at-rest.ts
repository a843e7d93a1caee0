import {asObject, isObject, type Json} from '../../../engine/json.ts';
import type {Stored} from '../machine.ts';
import type {Encryption} from './configuration.ts';
import {decrypt, encrypt, isCurrent, providersOf} from './transform.ts';

/** An object as it lies on the disk: whole, or encrypted under its name. */
type OnDisk = Stored | {readonly metadata: Stored['metadata']; readonly sealed: string};

const placeOf = (
  resource: string,
  {metadata: {namespace = '', name = ''}}: Pick<Stored, 'metadata'>,
): string => `/registry/${resource}/${namespace ? `${namespace}/` : ''}${name}`;

/**
 * What the disk holds of each object. A change of the configuration changes nothing that is written already: that
 * takes a write of each object, as on a real cluster.
 */
export class AtRest {
  #encryption: Encryption = [];
  /** What is encrypted on the disk, by its place. */
  readonly #texts = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  /** By place, until something is written there or the keys change. */
  readonly #problems = new Map<string, string | undefined>();

  /** From now on writes go by this configuration, and reads need its keys. */
  use(encryption: Encryption): void {
    this.#encryption = encryption;
    // The counters are those of one run of the server.
    this.#counts.clear();
    this.#problems.clear();
  }

  /** For the journal: an object that is written now. */
  write(resource: string, object: Stored): Json {
    const place = placeOf(resource, object);
    this.#problems.delete(place);
    const providers = providersOf(this.#encryption, resource);
    const text = encrypt(providers, JSON.stringify(object), place);
    if (providers.length > 0) this.#count(resource, text);
    if (text === undefined) this.#texts.delete(place);
    else this.#texts.set(place, text);
    return this.keep(resource, object);
  }

  /** For a snapshot: an object as it was written last. */
  keep(resource: string, object: Stored): Json {
    const sealed = this.#texts.get(placeOf(resource, object));
    const {namespace, name, resourceVersion} = object.metadata;
    const metadata = {
      ...(namespace ? {namespace} : {}),
      name: name ?? '',
      resourceVersion: resourceVersion ?? '',
    };
    return sealed === undefined ? object : {metadata, sealed};
  }

  /** An object from the disk; without its key only its name is known, until a configuration has it. */
  open(resource: string, onDisk: Json): Stored {
    const given = asObject(onDisk) as OnDisk;
    if (!('sealed' in given) || typeof given.sealed !== 'string') return given as Stored;
    this.#texts.set(placeOf(resource, given), given.sealed);
    return this.#plain(resource, given) ?? {apiVersion: 'v1', kind: 'Unreadable', metadata: given.metadata};
  }

  #plain(resource: string, of: Pick<Stored, 'metadata'>): Stored | undefined {
    const place = placeOf(resource, of);
    const text = decrypt(providersOf(this.#encryption, resource), this.#texts.get(place) ?? '', place);
    const object: unknown = text === undefined ? undefined : JSON.parse(text);
    return isObject(object) ? (object as Stored) : undefined;
  }

  forget(resource: string, key: string): void {
    this.#texts.delete(`/registry/${resource}/${key.replace(/^\//, '')}`);
  }

  /** Whether a write of the same object would write something else. */
  isStale(resource: string, object: Stored): boolean {
    return !isCurrent(providersOf(this.#encryption, resource), this.#texts.get(placeOf(resource, object)));
  }

  /** Why the disk's text of an object can't be read, as the API server says it; undefined where it can. */
  problem(resource: string, object: Stored): string | undefined {
    const place = placeOf(resource, object);
    if (!this.#texts.has(place)) return undefined;
    if (!this.#problems.has(place)) this.#problems.set(place, this.#problemAt(place, resource, object));
    return this.#problems.get(place);
  }

  #problemAt(place: string, resource: string, object: Stored): string | undefined {
    if (this.#plain(resource, object) !== undefined) return undefined;
    const prefix = /^k8s:enc:(\w+):v1:/.exec(this.#texts.get(place)!);
    const has = providersOf(this.#encryption, resource).some(({is}) => is === prefix?.[1]);
    const name = prefix?.[1] === 'secretbox' ? 'Secretbox' : 'AES';
    return has
      ? `no matching key was found for the provided ${name} transformer`
      : 'no matching prefix found';
  }

  /** Where an object lies, as the API server names it. */
  place(resource: string, object: Stored): string {
    return placeOf(resource, object);
  }

  /** What a stub of `open` has become readable as. */
  reopened(resource: string, object: Stored): Stored | undefined {
    return object.kind === 'Unreadable' ? this.#plain(resource, object) : undefined;
  }

  /** The counters of the API server's /metrics, in its text. */
  metrics(): string {
    const name = 'apiserver_storage_transformation_operations_total';
    const lines = [...this.#counts].map(([place, count]) => {
      const [resource, prefix] = place.split(' ');
      const labels = `resource="${resource}",status="OK",transformation_type="to_storage",transformer_prefix="${prefix}"`;
      return `${name}{${labels}} ${count}`;
    });
    if (lines.length === 0) return '';
    return [
      `# HELP ${name} [ALPHA] Total number of transformations. Successful transformation will have a status 'OK' and a varied status string when the transformation fails.`,
      `# TYPE ${name} counter`,
      ...lines,
      '',
    ].join('\n');
  }

  /** One count by the provider and one by its key, as the API server does; `identity` writes without a prefix. */
  #count(resource: string, text: string | undefined): void {
    const [, provider = '', key] = /^(k8s:enc:\w+:v1:)([^:]*:)/.exec(text ?? '') ?? [];
    for (const prefix of key === undefined ? [provider] : [provider, key]) {
      const place = `${resource} ${prefix}`;
      this.#counts.set(place, (this.#counts.get(place) ?? 0) + 1);
    }
  }
}
