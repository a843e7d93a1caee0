import {asObject, equal, type JsonObject} from '../../engine/json.ts';
import {admitCreate, admitDelete, admitMutation, admitUpdate, admitValid} from './admission/admission.ts';
import {PendingAsks} from './admission/asks.ts';
import {labelTopology} from './admission/pod-placement.ts';
import {refreshQuotas} from './admission/quota.ts';
import {asksOthers} from './admission/webhook-match.ts';
import {
  ApiError,
  alreadyExists,
  badRequest,
  conflict,
  invalid,
  invalidValue,
  methodNotAllowed,
  modified,
  notFound,
} from './api-error.ts';
import {withScheduled} from './binding.ts';
import type {Cel} from './cel/environment.ts';
import type {Context} from './context.ts';
import {servedVersions} from './custom.ts';
import {decode} from './decode.ts';
import {allocate, applyDefaults} from './defaults/defaults.ts';
import {addFinalizer, graceOf} from './deletion.ts';
import {child, copy, type Draft, ensure, text} from './draft.ts';
import type {ChangeEvent, Machine, Stored, WriteOptions} from './machine.ts';
import {contextOf} from './machine-context.ts';
import {trackManager} from './managed-fields.ts';
import {generateName, newUid, timestamp} from './names.ts';
import {headed, isFinished, needsRevision, place} from './object-head.ts';
import {checkPreconditions, type Preconditions} from './preconditions.ts';
import type {Registry, ResourceInfo} from './resources.ts';
import {defaultSettings, type Settings} from './settings.ts';
import type {Store} from './store.ts';
import {prepareCreate, prepareUpdate} from './strategy.ts';
import {validateCreate, validateUpdate} from './validation/validation.ts';

export type DeleteOptions = Preconditions & {
  readonly propagationPolicy?: string;
  readonly gracePeriodSeconds?: number;
  /** Admission was asked about the eviction, and isn't about the removal. */
  readonly isEviction?: boolean;
};

export type Deleted = {readonly object: Stored; readonly gone: boolean};

/** How an update makes the new object from the stored one. */
export type Change = (current: Stored) => Draft;

/** What the server itself writes into the metadata of what is new. */
const ownFields = ['uid', 'creationTimestamp'];

/** The verbs of the API on the store: defaulting, admission, validation, conflicts. Synchronous, so each is atomic. */
export class ApiServer implements Machine {
  readonly store: Store;
  readonly registry: Registry;
  /** What its flags say now. */
  settings: Settings = defaultSettings;
  /** Evaluates policies; absent until something needs it. */
  #cel: Cel | undefined;
  readonly #pending = new PendingAsks();

  constructor(store: Store, registry: Registry) {
    this.store = store;
    this.registry = registry;
  }

  get cel(): Cel | undefined {
    return this.#cel;
  }

  /** Loads what evaluates expressions, the first time that a kind or a policy has some. */
  async loadCel(): Promise<void> {
    if (this.#cel) return;
    const {Cel} = await import('./cel/environment.ts');
    this.#cel ??= new Cel();
  }

  /** Serves the custom kinds that are defined now, and follows their definitions. */
  watchDefinitions(): void {
    const id = 'customresourcedefinitions.apiextensions.k8s.io';
    for (const definition of this.store.list(id))
      this.registry.setCustom(
        text(definition.metadata, 'name'),
        servedVersions(definition, this.registry.schema),
      );
    this.store.subscribe(({resource, type, object}) => {
      if (resource !== id) return;
      const name = text(object.metadata, 'name');
      this.registry.setCustom(name, type === 'DELETED' ? [] : servedVersions(object, this.registry.schema));
    });
  }

  /** Keeps the status of quotas in step with what their namespaces hold. */
  watchQuotas(): void {
    this.store.subscribe(({resource, object, type}) => {
      const namespace = text(object.metadata, 'namespace');
      if (!namespace || resource === 'events' || (resource === 'resourcequotas' && type === 'DELETED'))
        return;
      refreshQuotas(this, namespace);
    });
  }

  info(id: string): ResourceInfo {
    const info = this.registry.get(id);
    if (!info) throw notFound({plural: id, group: '', kind: id}, id);
    return info;
  }

  list(resource: string, namespace = ''): readonly Stored[] {
    return this.store.list(resource, namespace);
  }

  get(resource: string, namespace: string, name: string): Stored | undefined {
    return this.store.get(resource, namespace, name);
  }

  /** @throws {ApiError} 404 */
  read(info: ResourceInfo, namespace: string, name: string): Stored {
    const object = this.store.get(info.id, namespace, name);
    if (!object) throw notFound(info, name);
    this.readable(info, object);
    return object;
  }

  /**
   * @param isListed A list names the object that it broke off at.
   * @throws {ApiError} 500 where the disk holds an object that no key of the configuration opens.
   */
  readable(info: ResourceInfo, object: Stored, isListed = false): void {
    const problem = this.store.atRest?.problem(info.id, object);
    if (problem === undefined) return;
    const place = JSON.stringify(this.store.atRest?.place(info.id, object));
    const where = isListed ? `unable to transform key ${place}: ` : '';
    const causes = [{reason: '', message: `${where}${problem}`, field: ''}];
    throw new ApiError(500, 'InternalError', `Internal error occurred: ${where}${problem}`, {causes});
  }

  create(resource: string, namespace: string, object: JsonObject, options: WriteOptions = {}): Stored {
    const info = this.info(resource);
    const metadata = asObject(object.metadata);
    // Of a name that is made up, each attempt brings another.
    const {name, ...rest} = metadata;
    const known = metadata.generateName ? {...object, metadata: rest} : object;
    return this.#asked(`create ${resource} ${namespace}`, known, options, (context) =>
      this.createObject(info, namespace, decode(info.type, object, []), context),
    );
  }

  update(resource: string, object: Stored, options: WriteOptions = {}): Stored {
    return this.#machineUpdate(resource, object, '', options);
  }

  updateStatus(resource: string, object: Stored, options: WriteOptions = {}): Stored {
    return this.#machineUpdate(resource, object, 'status', options);
  }

  #machineUpdate(resource: string, object: Stored, sub: string, options: WriteOptions): Stored {
    const info = this.info(resource);
    const {namespace = '', name = ''} = object.metadata;
    const change = (): Draft => decode(info.type, object, []);
    return this.#asked(`update ${resource} ${namespace}/${name}/${sub}`, object, options, (context) =>
      this.updateObject(info, namespace, name, sub, change, context),
    );
  }

  /** A write of a controller: where webhooks are asked about it, it waits. @throws {Unanswered} */
  #asked<T>(what: string, object: JsonObject, options: WriteOptions, write: (context: Context) => T): T {
    const context = contextOf(options);
    return asksOthers(this) ? this.#pending.run(what, object, context, write) : write(context);
  }

  delete(resource: string, namespace: string, name: string, options: WriteOptions = {}): void {
    const {gracePeriodSeconds, propagationPolicy} = options;
    const how = {
      ...(gracePeriodSeconds === undefined ? {} : {gracePeriodSeconds}),
      ...(propagationPolicy === undefined ? {} : {propagationPolicy}),
    };
    this.#asked(`delete ${resource} ${namespace}/${name}`, how, options, (context) =>
      this.deleteObject(this.info(resource), namespace, name, how, context),
    );
  }
  bind(namespace: string, pod: string, node: string): Stored {
    return this.#asked(`bind ${namespace}/${pod}`, {node}, {user: 'kube-scheduler'}, (context) =>
      this.bindPod(namespace, pod, node, context),
    );
  }
  /** @throws {ApiError} 409 when the pod has a node already. */
  bindPod(namespace: string, name: string, node: string, context: Context): Stored {
    const bound = this.updateObject(
      this.info('pods'),
      namespace,
      name,
      'binding',
      (current) => {
        const assigned = text(child(current as Draft, 'spec'), 'nodeName');
        if (assigned || current.metadata.deletionTimestamp)
          throw conflict(
            {plural: 'pods/binding', group: '', kind: 'Pod'},
            name,
            assigned
              ? `pod ${name} is already assigned to node ${JSON.stringify(assigned)}`
              : `pod ${name} is being deleted, cannot be assigned to a host`,
          );
        const draft = copy(current);
        ensure(draft, 'spec').nodeName = node;
        if (this.settings.plugins.has('PodTopologyLabels')) labelTopology(this, draft);
        return draft;
      },
      context,
    );
    if (context.dryRun) return bound;
    const status = withScheduled(bound);
    // One write on a real server.
    const {asks: _, ...silent} = context;
    return this.updateObject(this.info('pods'), namespace, name, 'status', () => status, silent);
  }
  finalizeNamespace(name: string): void {
    const change = (current: Stored): Draft => ({...copy(current), spec: {}});
    this.#asked(`finalize ${name}`, {}, {user: 'namespace-controller'}, (context) =>
      this.updateObject(this.info('namespaces'), '', name, 'finalize', change, context),
    );
  }

  subscribe(listener: (event: ChangeEvent) => void): () => void {
    return this.store.subscribe(listener);
  }

  /** @param draft Decoded; it becomes the stored object. */
  createObject(info: ResourceInfo, namespace: string, draft: Draft, context: Context): Stored {
    draft = headed(info, draft);
    const metadata = ensure(draft, 'metadata');
    place(info, namespace, metadata);
    if (metadata.resourceVersion)
      throw badRequest('resourceVersion should not be set on objects to be created');
    const base = text(metadata, 'generateName');
    // The second attempt of a write stores what the first has shown to webhooks.
    const fixed = (key: string, make: () => string): string => context.asks?.fixed(key, make) ?? make();
    if (base) metadata.name = fixed('name', () => text(metadata, 'name') || generateName(base));
    for (const key of ['deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink', 'generation'])
      delete metadata[key];
    metadata.uid = fixed('uid', newUid);
    metadata.creationTimestamp = fixed('time', timestamp);
    applyDefaults(info, draft);
    // What admission adds belongs to nobody.
    trackManager(info, undefined, draft, '', context);
    admitCreate(this, info, draft, context);
    if (admitMutation(this, info, draft, undefined, '', context, ownFields)) applyDefaults(info, draft);
    prepareCreate(info, draft);
    const name = text(child(draft, 'metadata'), 'name');
    const errors = validateCreate(info, draft, this.#cel);
    if (errors.length > 0) throw invalid(info, name, errors);
    allocate(info, draft, this);
    admitValid(this, info, draft, undefined, '', context);
    const there = this.store.get(info.id, namespace, name);
    if (there) throw alreadyExists(info, name, Boolean(there.metadata.deletionTimestamp));
    if (context.dryRun) return draft as Stored;
    ensure(draft, 'metadata').resourceVersion = String(this.store.next);
    const stored = draft as Stored;
    this.store.put(info.id, stored);
    return stored;
  }

  updateObject(
    info: ResourceInfo,
    namespace: string,
    name: string,
    sub: string,
    change: Change,
    context: Context,
  ): Stored {
    const old = this.read(info, namespace, name);
    let draft = headed(info, change(old));
    const metadata = ensure(draft, 'metadata');
    const given = text(metadata, 'name');
    if (given && given !== name)
      throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
    if (!given)
      throw badRequest(
        `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
      );
    metadata.name = name;
    place(info, namespace, metadata);
    admitUpdate(this, info, draft, old, sub, context);
    const uid = text(metadata, 'uid');
    if (uid && uid !== old.metadata.uid) {
      const error = invalidValue('metadata.uid', uid, 'field is immutable');
      throw invalid(info, name, [error, error]);
    }
    const revision = text(metadata, 'resourceVersion');
    if (!revision && sub === '' && needsRevision(info))
      throw invalid({...info, kind: info.plural}, name, [
        invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
      ]);
    if (revision && revision !== old.metadata.resourceVersion) throw modified(info, name);
    const kept = [...ownFields, 'generation', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink'];
    const hidden = [...ownFields, 'resourceVersion'].filter((key) => !metadata[key]);
    for (const key of kept) {
      const value = old.metadata[key];
      if (value === undefined) delete metadata[key];
      else metadata[key] = value as string;
    }
    if (sub !== 'status') {
      applyDefaults(info, draft);
      if (sub === '') allocate(info, draft, this, old);
    }
    draft = prepareUpdate(info, draft, old, sub);
    ensure(draft, 'metadata').resourceVersion = text(old.metadata, 'resourceVersion');
    // What admission changes belongs to nobody.
    trackManager(info, old, draft, sub, context);
    if (admitMutation(this, info, draft, old, sub, context, hidden)) {
      if (sub === '') allocate(info, draft, this, old);
      draft = prepareUpdate(info, draft, old, sub);
    }
    const after = ensure(draft, 'metadata');
    const errors = validateUpdate(info, draft, old, sub, this.#cel);
    if (errors.length > 0) throw invalid(info, name, errors);
    admitValid(this, info, draft, old, sub, context);
    // What lies there by another key, or by none, is written once more though nothing changes.
    if (equal(draft, old) && (context.dryRun || !this.store.atRest?.isStale(info.id, old))) return old;
    if (context.dryRun) return draft as Stored;
    if (isFinished(draft)) {
      this.#remove(info, draft as Stored);
      return draft as Stored;
    }
    after.resourceVersion = String(this.store.next);
    const stored = draft as Stored;
    this.store.put(info.id, stored);
    return stored;
  }

  deleteObject(
    info: ResourceInfo,
    namespace: string,
    name: string,
    options: DeleteOptions,
    context: Context,
  ): Deleted {
    if (!info.verbs.includes('delete')) throw methodNotAllowed();
    const old = this.read(info, namespace, name);
    checkPreconditions(info, old, options);
    if (!options.isEviction) admitDelete(this, info, old, context);
    const draft = copy(old);
    const metadata = ensure(draft, 'metadata');
    if (options.propagationPolicy === 'Foreground') addFinalizer(metadata, 'foregroundDeletion');
    if (options.propagationPolicy === 'Orphan') addFinalizer(metadata, 'orphan');
    const grace = graceOf(info, old, options.gracePeriodSeconds);
    const before = metadata.deletionGracePeriodSeconds;
    if (!metadata.deletionTimestamp || (typeof before === 'number' && grace < before)) {
      metadata.deletionTimestamp = timestamp(grace);
      metadata.deletionGracePeriodSeconds = grace;
    }
    if (info.id === 'namespaces') {
      draft.status = {...ensure(draft, 'status'), phase: 'Terminating'};
      delete metadata.deletionGracePeriodSeconds;
    }
    const gone = isFinished(draft);
    if (typeof metadata.generation === 'number' && !old.metadata.deletionTimestamp) metadata.generation += 1;
    if (context.dryRun) return {object: gone ? old : (draft as Stored), gone};
    if (gone) {
      this.#remove(info, old);
      return {object: old, gone};
    }
    if (equal(draft, old)) return {object: old, gone};
    metadata.resourceVersion = String(this.store.next);
    this.store.put(info.id, draft as Stored);
    return {object: draft as Stored, gone};
  }

  #remove(info: ResourceInfo, object: Stored): void {
    const metadata = {...object.metadata, resourceVersion: String(this.store.next)};
    this.store.remove(info.id, {...object, metadata});
  }
}
