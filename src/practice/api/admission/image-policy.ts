import {setTimeout as wait} from 'node:timers/promises';
import {asArray, asObject, asString, type Json, type JsonObject} from '../../../engine/json.ts';
import {forbidden} from '../api-error.ts';
import type {Context} from '../context.ts';
import type {ResourceInfo} from '../resources.ts';
import {post, type Reply} from './backend.ts';
import type {ImagePolicyConfig} from './image-policy-config.ts';

const reviewVersion = 'imagepolicy.k8s.io/v1alpha1';
const tries = 5;
const growth = 1.5;
const annotationPart = '.image-policy.k8s.io/';
const auditPrefix = 'imagepolicywebhook.image-policy.k8s.io/';
/** Answers that are kept at once. */
const mostKept = 1024;

/** The plugin ImagePolicyWebhook: asks another program whether the images of a pod may run. */
export class ImagePolicy {
  readonly config: ImagePolicyConfig;
  readonly #kept = new Map<string, {readonly reply: Reply; readonly until: number}>();

  constructor(config: ImagePolicyConfig) {
    this.config = config;
  }

  /** @throws {ApiError} 403 @throws {Unanswered} */
  admit(info: ResourceInfo, pod: JsonObject, sub: string, context: Context): void {
    if (info.id !== 'pods' || (sub !== '' && sub !== 'ephemeralcontainers') || !context.asks) return;
    const {name, namespace, annotations} = asObject(pod.metadata);
    const spec = specOf(pod, sub, asString(namespace), asObject(annotations));
    const [answer] = context.asks.answersTo([
      {key: `images ${JSON.stringify(spec)}`, ask: () => this.#ask(spec)},
    ]);
    const reply = answer as Reply;
    if ('failure' in reply) {
      if (!this.config.defaultAllow) throw forbidden(info, asString(name), reply.failure);
      context.annotate?.(`${auditPrefix}failed-open`, 'true');
      return;
    }
    const {allowed, reason, auditAnnotations} = asObject(reply.object.status);
    for (const [key, value] of Object.entries(asObject(auditAnnotations)))
      context.annotate?.(`${auditPrefix}${key}`, asString(value));
    if (allowed === true) return;
    throw forbidden(
      info,
      asString(name),
      reason
        ? `image policy webhook backend denied one or more images: ${asString(reason)}`
        : 'one or more images rejected by webhook backend',
    );
  }

  async #ask(spec: JsonObject): Promise<Reply> {
    const key = JSON.stringify(spec);
    const known = this.#kept.get(key);
    if (known && known.until > Date.now()) return known.reply;
    const review = {
      kind: 'ImageReview',
      apiVersion: reviewVersion,
      metadata: {},
      spec,
      status: {allowed: false},
    };
    const {backend, retry, allowed, denied} = this.config;
    let reply = reviewIn(await post(backend, review));
    let pause = retry;
    for (let attempt = 1; attempt < tries && isTransient(reply); attempt += 1) {
      await wait(pause, undefined, {ref: false});
      pause *= growth;
      reply = reviewIn(await post(backend, review));
    }
    if ('object' in reply) {
      const ttl = asObject(reply.object.status).allowed === true ? allowed : denied;
      this.#keep(key, reply, Date.now() + ttl);
    }
    return reply;
  }

  #keep(key: string, reply: Reply, until: number): void {
    this.#kept.delete(key);
    this.#kept.set(key, {reply, until});
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** An answer of another kind is none, as Go's decoder says it. */
function reviewIn(reply: Reply): Reply {
  if ('failure' in reply) return reply;
  const {apiVersion, kind} = reply.object;
  if ((!kind || kind === 'ImageReview') && (!apiVersion || apiVersion === reviewVersion)) return reply;
  const version = asString(apiVersion).split('/').at(-1) ?? '';
  return {
    failure: `converting (${version}.${asString(kind)}) to (v1alpha1.ImageReview): unknown conversion`,
  };
}

/** What may be better a moment later. */
const isTransient = (reply: Reply): boolean =>
  'failure' in reply &&
  reply.code !== undefined &&
  (reply.code === 429 || (reply.code >= 500 && reply.code !== 503));

function specOf(pod: JsonObject, sub: string, namespace: string, annotations: JsonObject): JsonObject {
  const {containers, initContainers, ephemeralContainers} = asObject(pod.spec);
  const shown =
    sub === '' ? [...asArray(containers), ...asArray(initContainers)] : asArray(ephemeralContainers);
  const images = shown.map((one): Json => {
    const image = asString(asObject(one).image);
    return image ? {image} : {};
  });
  const kept = Object.entries(annotations)
    .filter(([key]) => key.includes(annotationPart))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...(images.length > 0 ? {containers: images} : {}),
    ...(kept.length > 0 ? {annotations: Object.fromEntries(kept)} : {}),
    ...(namespace ? {namespace} : {}),
  };
}
