import {X509Certificate} from 'node:crypto';
import {statSync} from 'node:fs';
import {clientCertificateResource, subjectOf} from '../../engine/client-certificate.ts';
import {
  anonymousFromStatus,
  apiServerOfKubeadm,
  apiServerOfNode,
  apiServerResource,
  kubeletOfConfigMap,
  kubeletOfNode,
  type Observed,
  parseFlagz,
  readMetrics,
} from '../../engine/evidence.ts';
import {asObject, asString, type Json} from '../../engine/json.ts';
import {kubeconfigFileResource} from '../../engine/kubeconfig-file.ts';
import type {Resource} from '../../engine/objects.ts';
import type {TargetEvent} from '../target.ts';
import {material} from './auth.ts';
import {KubeClient} from './client.ts';

const flagzJson = 'application/json;as=Flagz;g=config.k8s.io;v=v1beta1';
/** Evidence is worth no more waiting than this: milliseconds. */
const patience = 5000;

/**
 * What the API server shows of its own flags and behaviour, and what ConfigMaps and nodes record of it: told as
 * Components and Kubelets. Nothing here fails: what does not answer tells nothing.
 */
export class EvidenceReader {
  readonly #client: KubeClient;
  readonly #emit: (event: TargetEvent) => void;
  readonly #told = new Map<string, string>();
  /** What is told from an object, by the object's key. */
  readonly #from = new Map<string, readonly string[]>();

  constructor(client: KubeClient, emit: (event: TargetEvent) => void) {
    this.#client = client;
    this.#emit = emit;
  }

  /** Tells what one object records: kubeadm's ConfigMaps, the annotations of k3s and RKE2. */
  see(event: TargetEvent): void {
    if (event.type === 'delete') this.#replace(event.key, []);
    if (event.type !== 'set') return;
    const found = recordedIn(event.resource);
    if (found !== undefined) this.#replace(event.resource.key, found);
  }

  /** Tells who may read the kubeconfig files that this connection was made with. */
  #seeFiles(): void {
    // Windows keeps its rights elsewhere than in a mode.
    const files = process.platform === 'win32' ? [] : this.#client.who.access.files;
    const found = files.flatMap((path) => {
      const stat = statSync(path, {throwIfNoEntry: false});
      return stat?.isFile() ? [kubeconfigFileResource('', path, stat.mode)] : [];
    });
    this.#replace('kubeconfig', [...found, ...this.#certificate()]);
  }

  /** Who the client certificate of this connection says one is: its subject alone. */
  #certificate(): readonly Resource[] {
    try {
      const text = material(this.#client.who.access.user, 'client-certificate');
      if (text === undefined) return [];
      const {subject, validFrom, validTo} = new X509Certificate(text);
      const who = subjectOf(subject);
      return [
        clientCertificateResource({
          ...who,
          from: new Date(validFrom).toISOString(),
          until: new Date(validTo).toISOString(),
        }),
      ];
    } catch {
      // What can't be read signs nobody in: the connection tells that.
      return [];
    }
  }

  /** Asks the server itself: `/flagz`, and where that is not shown `/metrics`; and what it does with a stranger. */
  async ask(signal: AbortSignal | undefined): Promise<void> {
    this.#seeFiles();
    const version = this.#version(signal);
    const [flags, anonymous] = await Promise.all([this.#flags(signal), this.#anonymous(signal)]);
    // A flag names a file; only the counters show what it does.
    const asks = flags === undefined || Boolean(flags.get('encryption-provider-config'));
    const counted = asks ? await this.#metrics(signal) : {};
    const told = {version: await version};
    const observed: Observed = {...counted, ...(anonymous === undefined ? {} : {anonymous})};
    const resources: Resource[] = [];
    if (flags !== undefined) {
      resources.push(
        apiServerResource({
          name: 'kube-apiserver',
          flags,
          observed,
          evidence: {rung: 'flagz', source: 'its /flagz', confidence: 'running'},
          ...told,
        }),
      );
    }
    if (told.version !== '' || Object.keys(observed).length > 0) {
      resources.push(
        apiServerResource({
          name: 'kube-apiserver (what it does)',
          flags: [],
          observed,
          evidence: {
            rung: 'behaviour',
            source: 'its version, its /metrics and how it answers',
            confidence: 'inferred',
          },
          ...told,
        }),
      );
    }
    if (!signal?.aborted) this.#replace('', resources);
  }

  async #flags(signal: AbortSignal | undefined): Promise<ReadonlyMap<string, string> | undefined> {
    const json = await this.#get('/flagz', signal, flagzJson);
    if (json?.status === 200) return parseFlagz(json.body);
    // Before the JSON form there was only the text.
    const text = json?.status === 406 ? await this.#get('/flagz', signal, 'text/plain') : undefined;
    return text?.status === 200 ? parseFlagz(text.body) : undefined;
  }

  async #metrics(signal: AbortSignal | undefined): Promise<Observed> {
    const answer = await this.#get('/metrics', signal, 'text/plain');
    return answer?.status === 200 && typeof answer.body === 'string' ? readMetrics(answer.body) : {};
  }

  async #version(signal: AbortSignal | undefined): Promise<string> {
    const answer = await this.#get('/version', signal);
    return answer?.status === 200 ? asString(asObject(answer.body).gitVersion) : '';
  }

  /** Asks as nobody: the same server and authority, no credential at all. */
  async #anonymous(signal: AbortSignal | undefined): Promise<boolean | undefined> {
    const nobody = new KubeClient(this.#client.who.name, {...this.#client.who.access, user: {}});
    try {
      const {status} = await nobody.send({path: '/api', signal, timeout: patience});
      return anonymousFromStatus(status);
    } catch {
      return undefined;
    } finally {
      await nobody.close();
    }
  }

  async #get(
    path: string,
    signal: AbortSignal | undefined,
    accept?: string,
  ): Promise<{readonly status: number; readonly body: Json} | undefined> {
    try {
      return await this.#client.send({path, signal, timeout: patience, ...(accept ? {accept} : {})});
    } catch {
      return undefined;
    }
  }

  #replace(from: string, resources: readonly Resource[]): void {
    const keys = resources.map(({key}) => key);
    for (const key of this.#from.get(from) ?? []) {
      if (keys.includes(key)) continue;
      this.#told.delete(key);
      this.#emit({type: 'delete', key});
    }
    if (keys.length > 0) this.#from.set(from, keys);
    else this.#from.delete(from);
    for (const resource of resources) {
      const text = JSON.stringify(resource.object);
      if (this.#told.get(resource.key) === text) continue;
      this.#told.set(resource.key, text);
      this.#emit({type: 'set', resource});
    }
  }
}

const present = (...found: readonly (Resource | undefined)[]): readonly Resource[] =>
  found.filter((one) => one !== undefined);

/** What an object records of the control plane or a kubelet; undefined for objects that never do. */
function recordedIn(resource: Resource): readonly Resource[] | undefined {
  const {kind, namespace, name, object} = resource;
  if (kind === 'Node') return present(apiServerOfNode(resource), kubeletOfNode(resource));
  if (kind !== 'ConfigMap' || namespace !== 'kube-system') return undefined;
  if (name === 'kubeadm-config') return present(apiServerOfKubeadm(object));
  return name === 'kubelet-config' ? present(kubeletOfConfigMap(object)) : undefined;
}
