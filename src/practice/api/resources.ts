import type {Schema, TypeInfo} from './schema.ts';
import type {View} from './views.ts';

type RawSubresource = {
  readonly subresource: string;
  readonly responseKind?: {readonly group?: string; readonly version?: string; readonly kind?: string};
  readonly verbs: readonly string[];
};

export type RawResource = {
  readonly resource: string;
  readonly responseKind?: {readonly group?: string; readonly version?: string; readonly kind?: string};
  readonly scope: string;
  readonly singularResource: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly RawSubresource[];
  readonly columns?: readonly (readonly string[])[];
};

export type RawGroup = {
  readonly group: string;
  readonly versions: readonly {readonly version: string; readonly resources: readonly RawResource[]}[];
};

export type Column = {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly priority: number;
  /** Custom resources: where the cell's value is. */
  readonly jsonPath?: string;
  readonly description?: string;
};

export type Subresource = {
  readonly name: string;
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly verbs: readonly string[];
};

/** A kind in one version as it is served. */
export type ResourceInfo = {
  /** Plural with group: `pods`, `deployments.apps`. */
  readonly id: string;
  readonly plural: string;
  readonly group: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: ReadonlyMap<string, Subresource>;
  readonly columns: readonly Column[];
  readonly type: TypeInfo;
  /** Present for custom resources: the schema that values are validated against, and what the scale is made of. */
  readonly custom?: CustomInfo;
  /** Present where objects are kept in another form than they are asked for. */
  readonly view?: View;
};

export type CustomInfo = {
  readonly schema: unknown;
  /** Whether the schema has rules in the Common Expression Language. */
  readonly hasRules: boolean;
  readonly listKind: string;
  /** The version in which objects are kept; empty when it is not served. */
  readonly storedVersion: string;
  readonly scale?: {readonly specPath: string; readonly statusPath: string; readonly selectorPath: string};
};

export type ServedVersion = {readonly version: string; readonly resources: readonly ResourceInfo[]};
export type ServedGroup = {readonly group: string; readonly versions: readonly ServedVersion[]};

export const idOf = (plural: string, group: string): string => (group ? `${plural}.${group}` : plural);
export const apiVersionFor = (group: string, version: string): string =>
  group ? `${group}/${version}` : version;

/** Everything that the server serves: built-in kinds, and custom ones as they come and go. */
export class Registry {
  readonly schema: Schema;
  readonly #builtIn: readonly ServedGroup[];
  readonly #custom = new Map<string, readonly ResourceInfo[]>();
  #groups: readonly ServedGroup[];
  #byPath = new Map<string, ResourceInfo>();
  #byId = new Map<string, ResourceInfo>();

  constructor(schema: Schema, groups: readonly RawGroup[]) {
    this.schema = schema;
    this.#builtIn = groups.map(({group, versions}) => ({
      group,
      versions: versions.map(({version, resources}) => ({
        version,
        resources: resources.map((raw) => builtIn(schema, group, version, raw)),
      })),
    }));
    this.#groups = [];
    this.#index();
  }

  get groups(): readonly ServedGroup[] {
    return this.#groups;
  }

  /** By path: `('apps', 'v1', 'deployments')`. */
  at(group: string, version: string, plural: string): ResourceInfo | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`);
  }

  serves(group: string, version: string): boolean {
    return this.#groups.some(
      (item) => item.group === group && item.versions.some((one) => one.version === version),
    );
  }

  /** By plural with group: `deployments.apps`, in the version that is stored. */
  get(id: string): ResourceInfo | undefined {
    return this.#byId.get(id);
  }

  byKind(apiVersion: string, kind: string): ResourceInfo | undefined {
    for (const info of this.#byPath.values())
      if (info.kind === kind && info.apiVersion === apiVersion) return info;
    return undefined;
  }

  all(): Iterable<ResourceInfo> {
    return this.#byId.values();
  }

  /** Serves more kinds under a name of ours: metrics. */
  add(name: string, resources: readonly ResourceInfo[]): void {
    this.setCustom(name, resources);
  }

  /** Replaces what a CustomResourceDefinition serves; the first version is the stored one. */
  setCustom(definition: string, versions: readonly ResourceInfo[]): void {
    if (versions.length === 0) this.#custom.delete(definition);
    else this.#custom.set(definition, versions);
    this.#index();
  }

  #index(): void {
    const groups = new Map<string, Map<string, ResourceInfo[]>>();
    this.#byPath = new Map();
    this.#byId = new Map();
    const add = (group: string, version: string, resources: readonly ResourceInfo[]): void => {
      const versions = groups.get(group) ?? new Map<string, ResourceInfo[]>();
      groups.set(group, versions);
      versions.set(version, [...(versions.get(version) ?? []), ...resources]);
      for (const info of resources) {
        this.#byPath.set(`${group}/${version}/${info.plural}`, info);
        if (!this.#byId.has(info.id)) this.#byId.set(info.id, info);
      }
    };
    for (const {group, versions} of this.#builtIn)
      for (const {version, resources} of versions) add(group, version, resources);
    for (const versions of this.#custom.values())
      for (const info of versions) add(info.group, info.version, [info]);
    this.#groups = [...groups].map(([group, versions]) => ({
      group,
      versions: [...versions].map(([version, resources]) => ({version, resources})),
    }));
  }
}

function builtIn(schema: Schema, group: string, version: string, raw: RawResource): ResourceInfo {
  const kind = raw.responseKind?.kind ?? '';
  const kindVersion = apiVersionFor(
    raw.responseKind?.group || (raw.responseKind?.version ? '' : group),
    raw.responseKind?.version || version,
  );
  const type = schema.kind(kindVersion, kind);
  return {
    id: idOf(raw.resource, group),
    plural: raw.resource,
    group,
    version,
    apiVersion: apiVersionFor(group, version),
    kind,
    singular: raw.singularResource,
    namespaced: raw.scope === 'Namespaced',
    shortNames: raw.shortNames ?? [],
    categories: raw.categories ?? [],
    verbs: raw.verbs,
    subresources: new Map(
      (raw.subresources ?? []).map((sub) => [
        sub.subresource,
        {
          name: sub.subresource,
          kind: sub.responseKind?.kind ?? '',
          group: sub.responseKind?.group || (sub.responseKind?.version ? '' : group),
          version: sub.responseKind?.version || version,
          verbs: sub.verbs,
        },
      ]),
    ),
    columns: (raw.columns ?? []).map(([name = '', type = '', format = '', priority = '0']) => ({
      name,
      type,
      format,
      priority: Number(priority),
    })),
    type: type ?? {name: kind, goName: kind, atomic: false, fields: new Map(), open: true},
  };
}
