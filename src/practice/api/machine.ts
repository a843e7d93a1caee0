import type {JsonObject} from '../../engine/json.ts';
import type {KubeObject} from '../../engine/objects.ts';

/** A stored object: the server gave it uid, resourceVersion and creationTimestamp. */
export type Stored = KubeObject;

export type WatchType = 'ADDED' | 'MODIFIED' | 'DELETED';

export type ChangeEvent = {
  readonly type: WatchType;
  /** Plural resource name with group: `pods`, `deployments.apps`. */
  readonly resource: string;
  readonly object: Stored;
  /** What it was before; undefined when it was added. */
  readonly previous: Stored | undefined;
};

export type WriteOptions = {
  /** Who asks: decides admission and the default field manager. Controllers use their own system name. */
  readonly user?: string;
  readonly dryRun?: boolean;
  /** Of a delete: 0 removes a pod at once, as the kubelet does when its containers have ended. */
  readonly gracePeriodSeconds?: number;
  /** Of a delete: what becomes of the dependents. The garbage collector acts on the finalizers this leaves. */
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
};

/**
 * The API server without HTTP: what the simulated controllers and the kubelet work with. All writes pass admission,
 * defaulting and validation as over HTTPS. `resource` is the plural with group: `pods`, `deployments.apps`.
 * Writes throw ApiError (a Kubernetes Status) as the server would answer: 409 on a stale resourceVersion, 403 from
 * admission, 422 from validation, 404.
 */
export interface Machine {
  list(resource: string, namespace?: string): readonly Stored[];
  get(resource: string, namespace: string, name: string): Stored | undefined;
  create(resource: string, namespace: string, object: JsonObject, options?: WriteOptions): Stored;
  /** Replaces the object; 409 when its metadata.resourceVersion is set and stale. */
  update(resource: string, object: Stored, options?: WriteOptions): Stored;
  /** Replaces the status only. */
  updateStatus(resource: string, object: Stored, options?: WriteOptions): Stored;
  delete(resource: string, namespace: string, name: string, options?: WriteOptions): void;
  /** The binding subresource of a pod: sets `spec.nodeName` and the condition PodScheduled. */
  bind(namespace: string, pod: string, node: string): Stored;
  /** The finalize subresource of a namespace that holds nothing more: takes `spec.finalizers` away, and so removes it. */
  finalizeNamespace(name: string): void;
  /** Called after each committed change, in order. Returns the function that ends it. */
  subscribe(listener: (event: ChangeEvent) => void): () => void;
}
