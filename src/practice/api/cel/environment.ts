import {Environment, type ParseResult} from '@marcbachmann/cel-js';
import {Authorizer, Check, Decision} from './authorizer.ts';
import {formatString, registerKubernetes} from './functions.ts';
import {withMaps} from './object-literals.ts';
import {CompileError} from './values.ts';

/** What an expression may name. */
export type Scope = 'policy' | 'rule';

const variables: Readonly<Record<Scope, readonly string[]>> = {
  policy: ['object', 'oldObject', 'request', 'params', 'namespaceObject', 'variables'],
  rule: ['self', 'oldSelf'],
};

/** An expression that can be evaluated as often as needed. */
export type Program = {
  /** The type that it gives, as far as it can be told; `dyn` otherwise. */
  readonly type: string;
  /** @throws {Error} with the message of a real server, where ours has the same. */
  run(values: Readonly<Record<string, unknown>>): unknown;
};

/** @property problem What is wrong with the types that its literals name; empty where they are right. */
export type Mutation = Program & {readonly problem: string; readonly hasLiterals: boolean};

/** Compiles and evaluates the Common Expression Language as Kubernetes uses it. */
export class Cel {
  readonly #environments = new Map<Scope, Environment>();
  readonly #programs = new Map<string, Program>();
  readonly #mutations = new Map<string, Mutation>();

  /** Compiles an expression of a mutation, whose literals of objects the language does not have. @throws {CompileError} */
  compileMutation(expression: string): Mutation {
    let mutation = this.#mutations.get(expression);
    if (!mutation) {
      const {text, problem, hasLiterals, origin} = withMaps(expression);
      const words = (error: Problem | undefined): string => compileMessage(expression, error, origin);
      mutation = {...this.#compile(text, 'policy', words), problem, hasLiterals};
      this.#mutations.set(expression, mutation);
    }
    return mutation;
  }

  /** @throws {CompileError} */
  compile(expression: string, scope: Scope): Program {
    const key = `${scope} ${expression}`;
    let program = this.#programs.get(key);
    if (!program) {
      program = this.#compile(expression, scope);
      this.#programs.set(key, program);
    }
    return program;
  }

  /** The syntax tree of an expression that compiles; undefined of any other. */
  tree(expression: string, scope: Scope): unknown {
    try {
      return this.#environment(scope).parse(expression).ast;
    } catch {
      return undefined;
    }
  }

  #compile(
    expression: string,
    scope: Scope,
    words = (error: Problem | undefined): string => compileMessage(expression, error),
  ): Program {
    const environment = this.#environment(scope);
    const checked = environment.check(expression);
    if (!checked.valid) throw new CompileError(words(checked.error));
    const parsed: ParseResult = environment.parse(expression);
    return {
      type: checked.type ?? 'dyn',
      run(values) {
        try {
          return parsed(values);
        } catch (error) {
          throw new Error(runtimeMessage(error), {cause: error});
        }
      },
    };
  }

  #environment(scope: Scope): Environment {
    let environment = this.#environments.get(scope);
    if (!environment) {
      environment = new Environment({enableOptionalTypes: true, homogeneousAggregateLiterals: false});
      for (const name of variables[scope]) environment.registerVariable(name, 'dyn');
      registerKubernetes(environment);
      environment.registerFunction('string.format(list): string', formatString);
      if (scope === 'policy') registerAuthorizer(environment);
      this.#environments.set(scope, environment);
    }
    return environment;
  }
}

function registerAuthorizer(environment: Environment): void {
  const [authorizer, check, decision] = [
    'kubernetes.authorization.Authorizer',
    'kubernetes.authorization.ResourceCheck',
    'kubernetes.authorization.Decision',
  ];
  environment.registerType(authorizer, {ctor: Authorizer, fields: {}});
  environment.registerType(check, {ctor: Check, fields: {}});
  environment.registerType(decision, {ctor: Decision, fields: {}});
  environment.registerVariable('authorizer', authorizer);
  const on = (signature: string, handler: (...args: never[]) => unknown): unknown =>
    environment.registerFunction(signature, handler as (...args: unknown[]) => unknown);
  on(`${authorizer}.group(string): ${check}`, (one: Authorizer, group: string) => one.group(group));
  on(
    `${authorizer}.serviceAccount(string, string): ${authorizer}`,
    (one: Authorizer, namespace: string, name: string) => one.serviceAccount(namespace, name),
  );
  for (const key of ['resource', 'subresource', 'namespace', 'name'] as const)
    on(`${check}.${key}(string): ${check}`, (one: Check, value: string) => one.with(key, value));
  on(`${check}.check(string): ${decision}`, (one: Check, verb: string) => one.check(verb));
  on(`${decision}.allowed(): bool`, (one: Decision) => one.reason === undefined);
  on(`${decision}.reason(): string`, (one: Decision) => one.reason ?? '');
}

type Problem = {
  readonly code?: string;
  readonly summary?: string;
  readonly message: string;
  readonly range?: {readonly start: number};
};

function compileMessage(
  expression: string,
  error: Problem | undefined,
  origin = (offset: number): number => offset,
): string {
  const at = origin(error?.range?.start ?? 0);
  const before = expression.slice(0, at).split('\n');
  const line = expression.split('\n')[before.length - 1] ?? '';
  const column = before.at(-1)!.length;
  const said = error?.summary ?? error?.message ?? 'not valid';
  const unknown = /^Unknown variable: (\S+)/.exec(said)?.[1];
  const text = unknown
    ? `undeclared reference to '${unknown}' (in container '')`
    : error?.code && /unexpected|unterminated|expected|invalid/.test(error.code)
      ? `Syntax error: ${said}`
      : said;
  return `compilation failed: ERROR: <input>:${before.length}:${column + 1}: ${text}\n | ${line}\n | ${'.'.repeat(column)}^`;
}

function runtimeMessage(error: unknown): string {
  const said =
    typeof error === 'object' && error !== null && 'summary' in error && typeof error.summary === 'string'
      ? error.summary
      : error instanceof Error
        ? error.message
        : String(error);
  return said
    .replace(/^No such key: (index out of bounds)/, '$1')
    .replace(/^No such key: /, 'no such key: ')
    .replace(/^no such overload: .*/, 'no such overload');
}
