import type {JsonObject} from '../../engine/json.ts';
import {eventually} from '../api/admission/asks.ts';
import type {Machine, Stored} from '../api/machine.ts';
import {type Clock, timeOf, timestamp} from './clock.ts';
import type {Obj} from './types.ts';

const lifetime = 3_600_000;
/** As many different messages of one kind about one object; then they are told as one. */
const mostAlike = 10;
const mostRemembered = 4096;

type Said = {readonly name: string; readonly namespace: string};

/** Writes what happened as Events: the same thing again raises the count, and after an hour it is forgotten. */
export class EventRecorder {
  readonly #machine: Machine;
  readonly #clock: Clock;
  readonly #said = new Map<string, Said>();
  readonly #alike = new Map<string, Set<string>>();
  readonly #written: {readonly at: number; readonly said: Said}[] = [];
  #serial = 0;
  /** The past of a cluster that is set up for the first time: nothing of it is told. */
  quiet = false;

  constructor(machine: Machine, clock: Clock) {
    this.#machine = machine;
    this.#clock = clock;
    for (const event of machine.list('events')) {
      const {name = '', namespace = '', creationTimestamp} = event.metadata;
      this.#written.push({at: timeOf(String(creationTimestamp)), said: {name, namespace}});
    }
    this.#written.sort((a, b) => a.at - b.at);
  }

  normal(object: Obj, reason: string, message: string, component: string, host?: string): void {
    this.#record(object, 'Normal', reason, message, component, host);
  }

  warning(object: Obj, reason: string, message: string, component: string, host?: string): void {
    this.#record(object, 'Warning', reason, message, component, host);
  }

  #record(object: Obj, type: string, reason: string, text: string, component: string, host?: string): void {
    if (this.quiet) return;
    this.#forget();
    const message = this.#combine(`${object.metadata.uid} ${type} ${reason}`, text.slice(0, 1024));
    const key = `${object.metadata.uid} ${type} ${reason} ${message}`;
    const said = this.#said.get(key);
    const known = said && this.#machine.get('events', said.namespace, said.name);
    try {
      if (known) this.#again(known, message);
      else this.#said.set(key, this.#write(object, type, reason, message, component, host));
    } catch {
      // The namespace may be going away: an Event that can't be written is not worth a failure.
    }
  }

  #combine(group: string, message: string): string {
    if (this.#alike.size > mostRemembered) this.#alike.clear();
    let messages = this.#alike.get(group);
    if (!messages) {
      messages = new Set();
      this.#alike.set(group, messages);
    }
    if (messages.has(message)) return message;
    if (messages.size < mostAlike - 1) {
      messages.add(message);
      return message;
    }
    return `(combined from similar events): ${message}`;
  }

  #again(event: Stored, message: string): void {
    const count = typeof event.count === 'number' ? event.count + 1 : 2;
    const lastTimestamp = timestamp(this.#clock.now());
    eventually(() => this.#machine.update('events', {...event, message, count, lastTimestamp}));
  }

  #write(object: Obj, type: string, reason: string, message: string, component: string, host?: string): Said {
    const now = this.#clock.now();
    const namespace = object.metadata.namespace || 'default';
    this.#serial = (this.#serial + 1) % 1_000_000;
    const serial = (BigInt(now) * 1_000_000n + BigInt(this.#serial)).toString(16);
    const name = `${object.metadata.name}.${serial}`;
    const event: JsonObject = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {name, namespace},
      involvedObject: {
        apiVersion: object.apiVersion,
        kind: object.kind,
        name: object.metadata.name,
        ...(object.metadata.namespace ? {namespace: object.metadata.namespace} : {}),
        uid: object.metadata.uid,
        resourceVersion: object.metadata.resourceVersion,
      },
      type,
      reason,
      message,
      source: host ? {component, host} : {component},
      firstTimestamp: timestamp(now),
      lastTimestamp: timestamp(now),
      count: 1,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: host ?? '',
    };
    if (this.#said.size > mostRemembered) this.#said.clear();
    eventually(() => this.#machine.create('events', namespace, event, {user: `system:${component}`}));
    const said = {name, namespace};
    this.#written.push({at: now, said});
    return said;
  }

  #forget(): void {
    const before = this.#clock.now() - lifetime;
    while (this.#written[0] && this.#written[0].at < before) {
      const {said} = this.#written.shift()!;
      try {
        eventually(() => this.#machine.delete('events', said.namespace, said.name));
      } catch {
        // Someone deleted it before us.
      }
    }
  }
}
