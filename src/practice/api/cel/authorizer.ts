import {authorise} from '../authz.ts';
import type {User} from '../context.ts';
import type {RequestInfo} from '../http/request-info.ts';
import type {ApiServer} from '../server.ts';

/** `authorizer` of an expression: asks RBAC about the user of the request. */
export class Authorizer {
  readonly #server: ApiServer;
  readonly #user: User;

  constructor(server: ApiServer, user: User) {
    this.#server = server;
    this.#user = user;
  }

  group(group: string): Check {
    return new Check(this.#server, this.#user, {...nothing, group});
  }

  serviceAccount(namespace: string, name: string): Authorizer {
    return new Authorizer(this.#server, {
      name: `system:serviceaccount:${namespace}:${name}`,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    });
  }
}

const nothing: RequestInfo = {
  verb: '',
  isResource: true,
  path: '',
  group: '',
  version: '',
  namespace: '',
  resource: '',
  name: '',
  subresource: '',
  rest: '',
};

export class Check {
  readonly #server: ApiServer;
  readonly #user: User;
  readonly #info: RequestInfo;

  constructor(server: ApiServer, user: User, info: RequestInfo) {
    this.#server = server;
    this.#user = user;
    this.#info = info;
  }

  with(key: 'resource' | 'subresource' | 'namespace' | 'name', value: string): Check {
    return new Check(this.#server, this.#user, {...this.#info, [key]: value});
  }

  check(verb: string): Decision {
    return new Decision(authorise(this.#server, this.#user, {...this.#info, verb}));
  }
}

export class Decision {
  /** Why it is refused; undefined when it is allowed. */
  readonly reason: string | undefined;

  constructor(reason: string | undefined) {
    this.reason = reason;
  }
}
